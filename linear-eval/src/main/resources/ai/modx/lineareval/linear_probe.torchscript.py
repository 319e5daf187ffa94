# A linear classifier on image features. B rows, E features, C classes.

class LinearProbe(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Cross entropy of features (B, E), summed over the rows. p: weight (C, E), bias (C), labels int64 (B)
  def loss(self: __torch__.LinearProbe, features: Tensor, p: Dict[str, Tensor]) -> Tensor:
    logits = torch.linear(features, p["weight"], p["bias"])
    return torch.cross_entropy_loss(logits, p["labels"], None, 2)

  # Counts for each class how many of its rows have it as the best guess (top1), and among the best k (topk); int64 (C)
  def count_hits(self: __torch__.LinearProbe, features: Tensor, labels: Tensor, weight: Tensor, bias: Tensor,
                 top1: Tensor, topk: Tensor, k: int) -> int:
    values, best = torch.topk(torch.linear(features, weight, bias), k)  # (B, k)
    hits = torch.eq(best, torch.unsqueeze(labels, 1))
    _0 = torch.index_add_(top1, 0, labels, torch.to(torch.select(hits, 1, 0), 4))
    _1 = torch.index_add_(topk, 0, labels, torch.to(torch.any(hits, 1), 4))
    return 0

  # Stores rows (B, E) in a matrix (N, E), perhaps on another device
  def remember(self: __torch__.LinearProbe, rows: Tensor, indices: Tensor, matrix: Tensor) -> int:
    _0 = torch.index_copy_(matrix, 0, torch.to(indices, matrix.device), torch.to(rows, matrix.device))
    return 0

  # (N, E) to the rows of p["rows"]
  def recall(self: __torch__.LinearProbe, matrix: Tensor, p: Dict[str, Tensor]) -> Tensor:
    return torch.index_select(matrix, 0, p["rows"])
