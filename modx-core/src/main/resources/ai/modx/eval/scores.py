# Inner products of features.

class Scores(nn.Module):
    convolve: bool

    # (b, E) and (G, E) -> (b, G)
    def scores(self, queries: Tensor, gallery: Tensor) -> Tensor:
        return product(queries, gallery, None, self.convolve)
