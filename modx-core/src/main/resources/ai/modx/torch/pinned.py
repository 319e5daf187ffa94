# Memory of the host that CUDA devices read by themselves.

class Pinned(nn.Module):

    # uint8, as many as the scalar says
    def allocate(self, size: Tensor) -> Tensor:
        return torch.empty([int(size)], dtype=torch.uint8, pin_memory=True)
