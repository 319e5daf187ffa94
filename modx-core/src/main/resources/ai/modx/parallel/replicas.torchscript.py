# What crosses devices in a training step: features and their gradients, parameters and theirs.
# Parameters travel in few large pieces, since each copy between devices has a price of its own.
# Every parameter whose gradient these functions use has one.

def gradients(parameters: List[Tensor]) -> List[Tensor]:
  found = annotate(List[Tensor], [])
  for i in range(torch.len(parameters)):
    _0 = torch.append(found, unchecked_cast(Tensor, ops.prim.grad(parameters[i])))
  return found

def piece_end(tensors: List[Tensor], begin: int, most: int) -> int:
  # Up to which tensor a piece goes: tensors of one type, at least one, else so many elements.
  end = torch.add(begin, 1)
  elements = torch.numel(tensors[begin])
  while end < torch.len(tensors) and tensors[end].dtype == tensors[begin].dtype and torch.add(elements, torch.numel(tensors[end])) <= most:
    elements = torch.add(elements, torch.numel(tensors[end]))
    end = torch.add(end, 1)
  return end

def received(tensors: List[Tensor], like: List[Tensor], always_copy: bool) -> List[Tensor]:
  # The tensors by one copy to the device of like, which gives the shapes; those that are there already as they are.
  shaped = annotate(List[Tensor], [])
  if tensors[0].device == like[0].device and not always_copy:
    shaped = tensors
  else:
    flat = annotate(List[Tensor], [])
    sizes = annotate(List[int], [])
    for i in range(torch.len(tensors)):
      _0 = torch.append(flat, torch.reshape(tensors[i], [-1]))
      _1 = torch.append(sizes, torch.numel(tensors[i]))
    parts = torch.split_with_sizes(torch.to(torch.cat(flat), like[0].device), sizes)
    for i in range(torch.len(like)):
      _2 = torch.append(shaped, torch.view(parts[i], torch.size(like[i])))
  return shaped

def norms(tensors: List[Tensor]) -> List[Tensor]:
  # Euclidean length of each. On the CPU by way of those of its rows, which threads share, and for which float32 keeps its digits: one sum
  # over 25 million squares is off by a thousandth.
  if tensors[0].is_cuda:
    found = torch._foreach_norm(tensors, 2)
  else:
    found = annotate(List[Tensor], [])
    for i in range(torch.len(tensors)):
      row = annotate(List[int], [])
      for dimension in range(1, torch.dim(tensors[i])):
        _0 = torch.append(row, dimension)
      _1 = torch.append(found, torch.linalg_vector_norm(torch.linalg_vector_norm(tensors[i], 2, row)))
  return found

class Replicas(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  piece : int
  always_copy : bool

  # The rows of p["0"], p["1"], ... under one another, cut off from their graphs, on the device of like
  def gather(self: __torch__.Replicas, like: Tensor, p: Dict[str, Tensor]) -> Tensor:
    rows = annotate(List[Tensor], [])
    for i in range(torch.len(p)):
      _0 = torch.append(rows, torch.to(torch.detach(p[torch.format("{}", i)]), like.device))
    return torch.cat(rows)

  # Gives every parameter a gradient, by adding zeros to it
  def make_gradients(self: __torch__.Replicas, like: Tensor, p: Dict[str, Tensor]) -> Tensor:
    parameters = torch.values(p)
    for i in range(torch.len(parameters)):
      torch.backward([parameters[i]], annotate(List[Optional[Tensor]], [torch.zeros_like(parameters[i])]))
    return torch.detach(like)

  # gradient of into[i] += gradient of other[i], across devices
  def add_gradients(self: __torch__.Replicas, into: List[Tensor], other: List[Tensor]) -> int:
    ours = __torch__.gradients(into)
    theirs = __torch__.gradients(other)
    i = 0
    while i < torch.len(ours):
      end = __torch__.piece_end(ours, i, self.piece)
      piece = torch.slice(ours, i, end)
      _0 = torch._foreach_add_(piece, __torch__.received(torch.slice(theirs, i, end), piece, self.always_copy))
      i = end
    return 0

  # Euclidean length of all gradients together, which torch.nn.utils.clip_grad_norm_ measures
  def gradient_norm(self: __torch__.Replicas, parameters: List[Tensor]) -> float:
    return float(torch.linalg_vector_norm(torch.stack(__torch__.norms(__torch__.gradients(parameters)))))

  def scale_gradients(self: __torch__.Replicas, parameters: List[Tensor], factor: float) -> int:
    _0 = torch._foreach_mul_(__torch__.gradients(parameters), factor)
    return 0

  def zero_gradients(self: __torch__.Replicas, parameters: List[Tensor]) -> int:
    _0 = torch._foreach_zero_(__torch__.gradients(parameters))
    return 0

  # into[i] = other[i], across devices
  def copy(self: __torch__.Replicas, into: List[Tensor], other: List[Tensor]) -> int:
    i = 0
    while i < torch.len(into):
      end = __torch__.piece_end(into, i, self.piece)
      piece = torch.slice(into, i, end)
      _0 = torch._foreach_copy_(piece, __torch__.received(torch.slice(other, i, end), piece, self.always_copy))
      i = end
    return 0

  def clamp(self: __torch__.Replicas, x: Tensor, low: float, high: float) -> int:
    _0 = torch.clamp_(x, low, high)
    return 0
