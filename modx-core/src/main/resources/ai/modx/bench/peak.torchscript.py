# How fast this device multiplies matrices.

class Peak(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Multiplies a matrix with its transpose in the given element type, several times over. The value makes the host wait for the device.
  def multiply(self: __torch__.Peak, matrix: Tensor, dtype: int, convolve: bool, times: int) -> float:
    x = torch.to(matrix, dtype)
    y = x
    for i in range(times):
      y = __torch__.product(x, x, None, convolve)
    return float(torch.to(torch.mean(torch.to(y, 6)), 6))
