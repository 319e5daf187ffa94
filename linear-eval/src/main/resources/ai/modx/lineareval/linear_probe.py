# A linear classifier on image features. B rows, E features, C classes.

class LinearProbe(nn.Module):

    # Cross entropy, summed over the rows. features (B, E), weight (C, E), bias (C), labels int64 (B)
    def loss(self, features: Tensor, weight: Tensor, bias: Tensor, labels: Tensor) -> Tensor:
        logits = torch.linear(features, weight, bias)
        return torch.cross_entropy_loss(logits, labels, reduction=2)  # torch's number of "sum"

    # Counts for each class how many of its rows have it as the best guess (top1), and among the best k (topk); int64
    # (C)
    def count_hits(self, features: Tensor, labels: Tensor, weight: Tensor, bias: Tensor, top1: Tensor, topk: Tensor,
                   k: int) -> None:
        values, best = torch.linear(features, weight, bias).topk(k)  # (B, k)
        hits = best == labels.unsqueeze(1)
        top1.index_add_(0, labels, hits[:, 0].to(torch.int64))
        topk.index_add_(0, labels, hits.any(dim=1).to(torch.int64))

    # Stores rows (B, E) in a matrix (N, E), perhaps on another device
    def remember(self, rows: Tensor, indices: Tensor, matrix: Tensor) -> None:
        matrix.index_copy_(0, indices.to(matrix.device), rows.to(matrix.device))

    # (N, E) to the rows of these indices
    def recall(self, matrix: Tensor, indices: Tensor) -> Tensor:
        return matrix.index_select(0, indices)
