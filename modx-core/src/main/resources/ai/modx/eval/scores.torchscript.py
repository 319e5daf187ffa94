# Inner products of features.

class Scores(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  convolve : bool

  # (b, E), and p["gallery"] (G, E) -> (b, G)
  def scores(self: __torch__.Scores, queries: Tensor, p: Dict[str, Tensor]) -> Tensor:
    return __torch__.product(queries, p["gallery"], None, self.convolve)
