# How fast this device multiplies matrices.

class Peak(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Squares a matrix in the given element type, several times over. The value makes the host wait for the device.
  def square(self: __torch__.Peak, matrix: Tensor, dtype: int, times: int) -> float:
    x = torch.to(matrix, dtype)
    y = x
    for i in range(times):
      y = torch.matmul(x, x)
    return float(torch.to(torch.mean(torch.to(y, 6)), 6))
