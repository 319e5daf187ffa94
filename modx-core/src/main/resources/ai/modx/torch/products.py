# Part of every program: products, by the library that is fastest at them.

def convolution(x: Tensor, weight: Tensor, bias: Optional[Tensor], stride: int, padding: int) -> Tensor:
    # (B, C, H, W) -> (B, N, H', W'). Dilation means nothing to a 1 x 1 kernel; it is there because libtorch would not
    # ask oneDNN for one otherwise, given one thread and few images.
    dilation = 2 if weight.size(-1) == 1 and not x.is_cuda else 1
    return torch.conv2d(x, weight, bias, stride, padding, dilation)


def product(x: Tensor, weight: Tensor, bias: Optional[Tensor], convolve: bool) -> Tensor:
    # (..., D) and (N, D) -> (..., N): linear, or the same as a convolution with a 1 x 1 kernel, which oneDNN computes
    # where linear would take another library. The rows of x are the pixels of one image, channels last, so nothing is
    # copied.
    if not convolve or x.numel() <= 20480:  # smaller convolutions libtorch computes itself, slowly
        return torch.linear(x, weight, bias)
    pixels = x.reshape(1, 1, -1, x.size(-1)).permute(0, 3, 1, 2)
    y = convolution(pixels, weight.reshape(weight.size(0), weight.size(1), 1, 1), bias, 1, 0)
    return y.permute(0, 2, 3, 1).reshape(x.shape[:-1] + [weight.size(0)])
