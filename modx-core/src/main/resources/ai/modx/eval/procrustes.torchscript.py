# The nearest orthogonal map between two sets of features, as libtorch runs it.

class Procrustes(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # (N, E) features of one checkpoint and, as "to", of another -> (E, E) orthogonal
  def rotation(self: __torch__.Procrustes, x: Tensor, p: Dict[str, Tensor]) -> Tensor:
    u, s, vh = torch.linalg_svd(torch.matmul(torch.t(x), p["to"]), False)
    return torch.matmul(u, vh)
