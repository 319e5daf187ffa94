# The kernels under test: each computes a product as the model does, and the gradients of its operands.

def gradients(y: Tensor, dy: Tensor, leaves: List[Tensor]) -> List[Tensor]:
  # [y, gradient of each leaf] in float32, as which alone tensors may be seen from outside
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

  # [x (..., D), weight (N, D), dy (..., N)]
  def linear(self: __torch__.Kernels, inputs: List[Tensor]) -> List[Tensor]:
    x = __torch__.leaf(inputs[0])
    weight = __torch__.leaf(inputs[1])
    y = __torch__.product(torch.to(x, self.dtype), torch.to(weight, self.dtype), None, self.convolve_linear)
    return __torch__.gradients(y, inputs[2], [x, weight])

  # [x (B, H, W, C), weight (N, C, k, k), dy (B, H', W', N), stride, padding]
  def convolution(self: __torch__.Kernels, inputs: List[Tensor]) -> List[Tensor]:
    x = __torch__.leaf(inputs[0])
    weight = __torch__.leaf(inputs[1])
    pixels = torch.permute(torch.to(x, self.dtype), [0, 3, 1, 2])
    y = __torch__.convolution(pixels, torch.to(weight, self.dtype), None, int(inputs[3]), int(inputs[4]))
    return __torch__.gradients(torch.permute(y, [0, 2, 3, 1]), inputs[2], [x, weight])

  # [x (B, M, K), z (B, K, N), dy (B, M, N)], in float32, as which the model computes them
  def batched_product(self: __torch__.Kernels, inputs: List[Tensor]) -> List[Tensor]:
    x = __torch__.leaf(inputs[0])
    z = __torch__.leaf(inputs[1])
    return __torch__.gradients(torch.matmul(x, z), inputs[2], [x, z])

  # [q, k, v, dy (B, H, L, D) each, 1 if causal], in float32, as which the model computes it on the CPU
  def attention(self: __torch__.Kernels, inputs: List[Tensor]) -> List[Tensor]:
    q = __torch__.leaf(inputs[0])
    k = __torch__.leaf(inputs[1])
    v = __torch__.leaf(inputs[2])
    y = torch.scaled_dot_product_attention(q, k, v, None, 0., int(inputs[4]) == 1)
    return __torch__.gradients(y, inputs[3], [q, k, v])
