# Memory of the host that CUDA devices read by themselves.

class Pinned(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # uint8, as many as the scalar says
  def allocate(self: __torch__.Pinned, size: Tensor) -> Tensor:
    return torch.empty([int(size)], dtype=0, layout=None, device=None, pin_memory=True)
