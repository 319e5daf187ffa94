# How fast this device multiplies matrices.

class Peak(nn.Module):

    # Multiplies a matrix with its transpose in the given element type, several times over. The value makes the host
    # wait for the device.
    def multiply(self, matrix: Tensor, dtype: torch.dtype, convolve: bool, times: int) -> float:
        x = matrix.to(dtype)
        y = x
        for _ in range(times):
            y = product(x, x, None, convolve)
        return float(y.float().mean())
