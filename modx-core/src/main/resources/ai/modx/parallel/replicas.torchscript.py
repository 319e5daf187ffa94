# What crosses devices in a training step: features and their gradients, parameters and theirs.
# Every parameter given to these functions has a gradient, except in copy.

def gradients(parameters: List[Tensor]) -> List[Tensor]:
  found = annotate(List[Tensor], [])
  for i in range(torch.len(parameters)):
    _0 = torch.append(found, unchecked_cast(Tensor, ops.prim.grad(parameters[i])))
  return found

class Replicas(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # The rows of p["0"], p["1"], ... under one another, cut off from their graphs, on the device of like
  def gather(self: __torch__.Replicas, like: Tensor, p: Dict[str, Tensor]) -> Tensor:
    rows = annotate(List[Tensor], [])
    for i in range(torch.len(p)):
      _0 = torch.append(rows, torch.to(torch.detach(p[torch.format("{}", i)]), like.device))
    return torch.cat(rows)

  # gradient of into[i] += gradient of other[i], across devices
  def add_gradients(self: __torch__.Replicas, into: List[Tensor], other: List[Tensor]) -> int:
    ours = __torch__.gradients(into)
    theirs = __torch__.gradients(other)
    for i in range(torch.len(ours)):
      _0 = torch.add_(ours[i], torch.to(theirs[i], ours[i].device))
    return 0

  # Euclidean length of all gradients together, as torch.nn.utils.clip_grad_norm_ measures it
  def gradient_norm(self: __torch__.Replicas, parameters: List[Tensor]) -> float:
    norms = torch._foreach_norm(__torch__.gradients(parameters), 2)
    return float(torch.norm(torch.stack(norms), 2))

  def scale_gradients(self: __torch__.Replicas, parameters: List[Tensor], factor: float) -> int:
    _0 = torch._foreach_mul_(__torch__.gradients(parameters), factor)
    return 0

  def zero_gradients(self: __torch__.Replicas, parameters: List[Tensor]) -> int:
    _0 = torch._foreach_zero_(__torch__.gradients(parameters))
    return 0

  # into[i] = other[i], across devices
  def copy(self: __torch__.Replicas, into: List[Tensor], other: List[Tensor]) -> int:
    for i in range(torch.len(into)):
      _0 = torch.copy_(into[i], other[i])
    return 0

  def clamp(self: __torch__.Replicas, x: Tensor, low: float, high: float) -> int:
    _0 = torch.clamp_(x, low, high)
    return 0
