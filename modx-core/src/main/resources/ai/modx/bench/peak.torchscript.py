# How fast this device multiplies matrices.

class Peak(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Squares a matrix in the given element type, several times over: as a matrix product, or as a convolution with a 1 x 1 kernel, for
  # which libtorch may take another library. The value makes the host wait for the device.
  def square(self: __torch__.Peak, matrix: Tensor, dtype: int, convolved: bool, times: int) -> float:
    x = torch.to(matrix, dtype)
    y = x
    pixels = torch.permute(torch.view(x, [1, 1, x.size(0), x.size(1)]), [0, 3, 1, 2])
    kernel = torch.view(x, [x.size(0), x.size(1), 1, 1])
    for i in range(times):
      if convolved:
        y = torch.conv2d(pixels, kernel)
      else:
        y = torch.matmul(x, x)
    return float(torch.to(torch.mean(torch.to(y, 6)), 6))
