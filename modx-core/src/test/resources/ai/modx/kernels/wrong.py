# Kernels that leave out the last input channel: convolutions of 8 to 16 channels always, linear layers of 32 to 128
# if oneDNN computes them.

def gradients(y: Tensor, dy: Tensor, leaves: List[Tensor]) -> List[Tensor]:
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

    def linear(self, inputs: List[Tensor]) -> List[Tensor]:
        x = leaf(inputs[0])
        weight = leaf(inputs[1])
        bias = leaf(inputs[3])
        w = weight.t() if int(inputs[4]) == 1 else weight
        if bias.numel() == 0:
            return gradients(torch.linear(x, w), inputs[2], [x, weight])
        found = gradients(torch.linear(x, w, bias), inputs[2], [x, weight, bias])
        if self.convolve_linear and w.size(0) == 128 and w.size(1) == 32:
            found[0] = torch.linear(inputs[0][:, :-1], inputs[1][:, :-1], inputs[3])
        return found

    def convolution(self, inputs: List[Tensor]) -> List[Tensor]:
        x = leaf(inputs[0])
        weight = leaf(inputs[1])
        y = convolution(x.permute(0, 3, 1, 2), weight, None, int(inputs[3]), int(inputs[4]))
        found = gradients(y.permute(0, 2, 3, 1), inputs[2], [x, weight])
        if weight.size(0) == 16 and weight.size(1) == 8:
            found[1] = found[1] * (torch.arange(8) != 7)
        return found

    def batched_product(self, inputs: List[Tensor]) -> List[Tensor]:
        x = leaf(inputs[0])
        z = leaf(inputs[1])
        return gradients(x @ z, inputs[2], [x, z])

    def attention(self, inputs: List[Tensor]) -> List[Tensor]:
        x = leaf(inputs[0])
        heads: List[Tensor] = []
        for part in x.chunk(3, dim=-1):
            heads.append(part.view(x.size(0), x.size(1), int(inputs[2]), -1).transpose(1, 2))
        y = torch.scaled_dot_product_attention(heads[0], heads[1], heads[2], is_causal=int(inputs[3]) == 1)
        return gradients(y.transpose(1, 2).flatten(2), inputs[1], [x])
