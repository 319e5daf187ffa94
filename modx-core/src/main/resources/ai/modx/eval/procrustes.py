# The nearest orthogonal map between two sets of features.

class Procrustes(nn.Module):

    # (N, E) features of one checkpoint and of another -> (E, E) orthogonal
    def rotation(self, x: Tensor, y: Tensor) -> Tensor:
        u, s, vh = torch.linalg_svd(x.t() @ y, full_matrices=False)
        return u @ vh
