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

    # [x (M, K), weight (N, K), or (K, N) if transposed, dy (M, N), bias (N) or nothing, 1 if transposed]
    def linear(self, inputs: List[Tensor]) -> List[Tensor]:
        x = leaf(inputs[0])
        weight = leaf(inputs[1])
        bias = leaf(inputs[3])
        w = weight.t() if int(inputs[4]) == 1 else weight
        if bias.numel() == 0:
            y = product(x.to(self.dtype), w.to(self.dtype), None, self.convolve_linear)
            return gradients(y, inputs[2], [x, weight])
        y = product(x.to(self.dtype), w.to(self.dtype), bias.to(self.dtype), self.convolve_linear)
        return gradients(y, inputs[2], [x, weight, bias])

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

    # [queries, keys and values (B, L, 3 D) as one projection gives them, dy (B, L, D), number of heads, 1 if causal], in
    # float32, as which the model computes it on the CPU
    def attention(self, inputs: List[Tensor]) -> List[Tensor]:
        x = leaf(inputs[0])
        heads: List[Tensor] = []
        for part in x.chunk(3, dim=-1):
            heads.append(part.view(x.size(0), x.size(1), int(inputs[2]), -1).transpose(1, 2))
        y = torch.scaled_dot_product_attention(heads[0], heads[1], heads[2], is_causal=int(inputs[3]) == 1)
        return gradients(y.transpose(1, 2).flatten(2), inputs[1], [x])
