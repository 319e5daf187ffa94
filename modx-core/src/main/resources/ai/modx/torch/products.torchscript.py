# Stands before every program: products, by the library that is fastest at them.

def convolution(x: Tensor, weight: Tensor, bias: Optional[Tensor], stride: int, padding: int) -> Tensor:
  # (B, C, H, W) -> (B, N, H', W'). Dilation means nothing to a 1 x 1 kernel; it is there because libtorch would not ask oneDNN for
  # one otherwise, given one thread and few images.
  dilation = 1
  if weight.size(-1) == 1 and not x.is_cuda:
    dilation = 2
  return torch.conv2d(x, weight, bias, [stride, stride], [padding, padding], [dilation, dilation])

def product(x: Tensor, weight: Tensor, bias: Optional[Tensor], convolve: bool) -> Tensor:
  # (..., D) and (N, D) -> (..., N): linear, or the same as a convolution with a 1 x 1 kernel, which oneDNN computes where linear would
  # take another library. The rows of x are the pixels of one image, channels last, so nothing is copied.
  if convolve and torch.numel(x) > 20480:  # smaller convolutions libtorch computes itself, slowly
    shape = torch.slice(torch.size(x), 0, -1)
    _0 = torch.append(shape, weight.size(0))
    pixels = torch.permute(torch.reshape(x, [1, 1, -1, x.size(-1)]), [0, 3, 1, 2])
    kernel = torch.reshape(weight, [weight.size(0), weight.size(1), 1, 1])
    y = torch.reshape(torch.permute(__torch__.convolution(pixels, kernel, bias, 1, 0), [0, 2, 3, 1]), shape)
  else:
    y = torch.linear(x, weight, bias)
  return y
