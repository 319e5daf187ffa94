# Kernels that leave out the last input channel: convolutions of 8 to 16 channels always, linear layers of 32 to 128 if oneDNN computes them.

def gradients(y: Tensor, dy: Tensor, leaves: List[Tensor]) -> List[Tensor]:
  torch.backward([y], annotate(List[Optional[Tensor]], [torch.to(dy, ops.prim.dtype(y))]))
  found = [torch.to(torch.detach(y), 6)]
  for i in range(torch.len(leaves)):
    _0 = torch.append(found, torch.detach(unchecked_cast(Tensor, ops.prim.grad(leaves[i]))))
  return found

def leaf(x: Tensor) -> Tensor:
  return torch.requires_grad_(torch.detach(x))

class Kernels(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  dtype : int
  convolve_linear : bool

  def linear(self: __torch__.Kernels, inputs: List[Tensor]) -> List[Tensor]:
    x = __torch__.leaf(inputs[0])
    weight = __torch__.leaf(inputs[1])
    y = torch.linear(x, weight)
    found = __torch__.gradients(y, inputs[2], [x, weight])
    if self.convolve_linear and weight.size(0) == 128 and weight.size(1) == 32:
      found[0] = torch.linear(torch.slice(inputs[0], -1, 0, -1), torch.slice(inputs[1], -1, 0, -1))
    return found

  def convolution(self: __torch__.Kernels, inputs: List[Tensor]) -> List[Tensor]:
    x = __torch__.leaf(inputs[0])
    weight = __torch__.leaf(inputs[1])
    y = __torch__.convolution(torch.permute(x, [0, 3, 1, 2]), weight, None, int(inputs[3]), int(inputs[4]))
    found = __torch__.gradients(torch.permute(y, [0, 2, 3, 1]), inputs[2], [x, weight])
    if weight.size(0) == 16 and weight.size(1) == 8:
      found[1] = torch.mul(found[1], torch.ne(torch.arange(8), 7))
    return found

  def batched_product(self: __torch__.Kernels, inputs: List[Tensor]) -> List[Tensor]:
    x = __torch__.leaf(inputs[0])
    z = __torch__.leaf(inputs[1])
    return __torch__.gradients(torch.matmul(x, z), inputs[2], [x, z])

  def attention(self: __torch__.Kernels, inputs: List[Tensor]) -> List[Tensor]:
    q = __torch__.leaf(inputs[0])
    k = __torch__.leaf(inputs[1])
    v = __torch__.leaf(inputs[2])
    y = torch.scaled_dot_product_attention(q, k, v, None, 0., int(inputs[4]) == 1)
    return __torch__.gradients(y, inputs[3], [q, k, v])
