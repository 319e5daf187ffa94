# The kernels under test: each computes a product as the model does, and the gradients of its operands.

def gradients(y: Tensor, dy: Tensor, leaves: List[Tensor]) -> List[Tensor]:
    # [y, gradient of each leaf] in float32, as which alone tensors may be seen from outside
    y.backward(dy.to(y.dtype))
    found = [y.detach().float()]
    for leaf in leaves:
        found.append(leaf.grad.detach())
    return found


def leaf(x: Tensor) -> Tensor:
    return x.detach().requires_grad_()


class Kernels(nn.Module):
    dtype: torch.dtype
    convolve_linear: bool

    # [x (..., D), weight (N, D), dy (..., N)]
    def linear(self, inputs: List[Tensor]) -> List[Tensor]:
        x = leaf(inputs[0])
        weight = leaf(inputs[1])
        y = product(x.to(self.dtype), weight.to(self.dtype), None, self.convolve_linear)
        return gradients(y, inputs[2], [x, weight])

    # [x (B, H, W, C), weight (N, C, k, k), dy (B, H', W', N), stride, padding]
    def convolution(self, inputs: List[Tensor]) -> List[Tensor]:
        x = leaf(inputs[0])
        weight = leaf(inputs[1])
        pixels = x.to(self.dtype).permute(0, 3, 1, 2)
        y = convolution(pixels, weight.to(self.dtype), None, int(inputs[3]), int(inputs[4]))
        return gradients(y.permute(0, 2, 3, 1), inputs[2], [x, weight])

    # [x (B, M, K), z (B, K, N), dy (B, M, N)], in float32, as which the model computes them
    def batched_product(self, inputs: List[Tensor]) -> List[Tensor]:
        x = leaf(inputs[0])
        z = leaf(inputs[1])
        return gradients(x @ z, inputs[2], [x, z])

    # [q, k, v, dy (B, H, L, D) each, 1 if causal], in float32, as which the model computes it on the CPU
    def attention(self, inputs: List[Tensor]) -> List[Tensor]:
        q = leaf(inputs[0])
        k = leaf(inputs[1])
        v = leaf(inputs[2])
        y = torch.scaled_dot_product_attention(q, k, v, is_causal=int(inputs[4]) == 1)
        return gradients(y, inputs[3], [q, k, v])
