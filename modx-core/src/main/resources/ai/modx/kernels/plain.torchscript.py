# Plain arithmetic to judge kernels by: multiplications and sums of elements, no product of matrices, so that it shares no code with them.
#
# A product is not computed again but projected (Freivalds 1977, Probabilistic Machines Can Use Less Running Time): with signs r, every
# element of y = x w' takes part in y r = x (w' r), which takes a number of operations in the order of the numbers read. Where a kernel is
# right the two sides differ by rounding. An element that is wrong by its own size shows in its row.

def project(x: Tensor, signs: Tensor) -> Tensor:
  # (..., D) and (D) -> (...)
  return torch.sum(torch.mul(x, signs), [-1], False, dtype=7)

def error(actual: Tensor, expected: Tensor, terms: int) -> Tensor:
  # Largest difference, relative to the size that sums of so many products of normal numbers have
  return torch.div(torch.max(torch.abs(torch.sub(actual, expected))), torch.sqrt(terms))

def size_of(x: Tensor) -> Tensor:
  # Root mean square
  return torch.sqrt(torch.mean(torch.mul(x, x)))

def first_and_last_head(x: Tensor) -> Tensor:
  # (B, H, L, D) -> (2, L, D), of the first and of the last sequence
  return torch.stack([torch.select(torch.select(x, 0, 0), 0, 0), torch.select(torch.select(x, 0, -1), 0, -1)])

class Plain(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  dtype : int

  # [noise, begin, count] -> [count numbers]: the noise over and over, rounded as products see it
  def numbers(self: __torch__.Plain, inputs: List[Tensor]) -> List[Tensor]:
    begin = int(inputs[1])
    end = torch.add(begin, int(inputs[2]))
    times = torch.add(torch.floordiv(end, inputs[0].size(0)), 1)
    x = torch.slice(torch.repeat(inputs[0], [times]), 0, begin, end)
    return [torch.clone(torch.to(torch.to(x, self.dtype), 6))]

  # [x (M, K), weight (N, K), dy (M, N); y, dx, dweight; signs] -> [their errors]
  def linear(self: __torch__.Plain, inputs: List[Tensor]) -> List[Tensor]:
    x, weight, dy, y, dx, dw, signs = inputs
    n = torch.slice(signs, 0, 0, weight.size(0))
    k = torch.slice(signs, 0, 0, weight.size(1))
    weight_n = torch.to(__torch__.project(torch.t(weight), n), 6)  # (K)
    weight_k = torch.to(__torch__.project(weight, k), 6)  # (N)
    x_k = torch.unsqueeze(torch.to(__torch__.project(x, k), 6), -1)  # (M, 1)
    N = weight.size(0)
    K = weight.size(1)
    return [__torch__.error(__torch__.project(y, n), __torch__.project(x, weight_n), torch.mul(K, N)),
            __torch__.error(__torch__.project(dx, k), __torch__.project(dy, weight_k), torch.mul(K, N)),
            __torch__.error(__torch__.project(dw, k), torch.sum(torch.mul(dy, x_k), [0], False, dtype=7), torch.mul(x.size(0), K))]

  # [x (B, M, K), z (B, K, N), dy (B, M, N); y, dx, dz; signs] -> [their errors]
  def batched_product(self: __torch__.Plain, inputs: List[Tensor]) -> List[Tensor]:
    x, z, dy, y, dx, dz, signs = inputs
    n = torch.slice(signs, 0, 0, z.size(2))
    k = torch.slice(signs, 0, 0, z.size(1))
    z_n = torch.unsqueeze(torch.to(__torch__.project(z, n), 6), 1)  # (B, 1, K)
    z_k = torch.unsqueeze(torch.to(__torch__.project(torch.transpose(z, 1, 2), k), 6), 1)  # (B, 1, N)
    dy_n = torch.unsqueeze(torch.to(__torch__.project(dy, n), 6), -1)  # (B, M, 1)
    N = z.size(2)
    K = z.size(1)
    return [__torch__.error(__torch__.project(y, n), __torch__.project(x, z_n), torch.mul(K, N)),
            __torch__.error(__torch__.project(dx, k), __torch__.project(dy, z_k), torch.mul(K, N)),
            __torch__.error(__torch__.project(dz, n), torch.sum(torch.mul(x, dy_n), [1], False, dtype=7), torch.mul(x.size(1), N))]

  # [x (B, H, W, C), weight (N, C, k, k), dy (B, H', W', N), stride, padding; y, dx, dweight; signs] -> [their errors]
  def convolution(self: __torch__.Plain, inputs: List[Tensor]) -> List[Tensor]:
    x, weight, dy, stride_, padding_, y, dx, dw, signs = inputs
    stride = int(stride_)
    p = int(padding_)
    size = weight.size(2)
    H = x.size(1)
    W = x.size(2)
    n = torch.slice(signs, 0, 0, weight.size(0))
    c = torch.slice(signs, 0, 0, weight.size(1))
    weight_n = torch.to(__torch__.project(torch.permute(weight, [2, 3, 1, 0]), n), 6)  # (k, k, C)
    weight_c = torch.to(__torch__.project(torch.permute(weight, [2, 3, 0, 1]), c), 6)  # (k, k, N)
    padded = torch.constant_pad_nd(x, [0, 0, p, p, p, p], 0)
    x_c = torch.to(__torch__.project(padded, c), 6)
    y_n = torch.zeros_like(torch.select(dy, 3, 0), dtype=7)
    dx_c = torch.zeros_like(x_c, dtype=7)
    dw_c = annotate(List[Tensor], [])
    bottom = torch.add(torch.mul(stride, torch.sub(dy.size(1), 1)), 1)
    right = torch.add(torch.mul(stride, torch.sub(dy.size(2), 1)), 1)
    for i in range(size):
      for j in range(size):
        seen = torch.slice(torch.slice(padded, 1, i, torch.add(i, bottom), stride), 2, j, torch.add(j, right), stride)
        y_n = torch.add(y_n, __torch__.project(seen, weight_n[i][j]))
        written = torch.slice(torch.slice(dx_c, 1, i, torch.add(i, bottom), stride), 2, j, torch.add(j, right), stride)
        _0 = torch.add_(written, __torch__.project(dy, weight_c[i][j]))
        seen_c = torch.slice(torch.slice(x_c, 1, i, torch.add(i, bottom), stride), 2, j, torch.add(j, right), stride)
        _1 = torch.append(dw_c, torch.sum(torch.mul(dy, torch.unsqueeze(seen_c, -1)), [0, 1, 2], False, dtype=7))
    dx_c = torch.slice(torch.slice(dx_c, 1, p, torch.add(p, H)), 2, p, torch.add(p, W))
    terms = torch.mul(torch.mul(size, size), torch.mul(weight.size(0), weight.size(1)))
    pixels = torch.mul(torch.mul(dy.size(0), dy.size(1)), dy.size(2))
    return [__torch__.error(__torch__.project(y, n), y_n, terms),
            __torch__.error(__torch__.project(dx, c), dx_c, torch.floordiv(terms, torch.mul(stride, stride))),
            __torch__.error(torch.flatten(__torch__.project(torch.permute(dw, [2, 3, 0, 1]), c), 0, 1), torch.stack(dw_c), torch.mul(pixels, weight.size(1)))]

  # [q, k, v, dy (B, H, L, D) each, 1 if causal; y, dq, dk, dv] -> [their errors], in two of the heads, which know nothing of one another
  def attention(self: __torch__.Plain, inputs: List[Tensor]) -> List[Tensor]:
    q = torch.requires_grad_(__torch__.first_and_last_head(inputs[0]))
    k = torch.requires_grad_(__torch__.first_and_last_head(inputs[1]))
    v = torch.requires_grad_(__torch__.first_and_last_head(inputs[2]))
    dy = __torch__.first_and_last_head(inputs[3])
    scores = torch.sum(torch.mul(torch.unsqueeze(q, 2), torch.unsqueeze(k, 1)), [-1])
    scores = torch.div(scores, torch.sqrt(q.size(-1)))
    if int(inputs[4]) == 1:
      scores = torch.masked_fill(scores, torch.triu(torch.ones_like(scores, dtype=11), 1), -inf)
    y = torch.sum(torch.mul(torch.unsqueeze(torch.softmax(scores, -1), -1), torch.unsqueeze(v, 1)), [2])
    torch.backward([y], annotate(List[Optional[Tensor]], [dy]))
    expected = [torch.detach(y), unchecked_cast(Tensor, ops.prim.grad(q)), unchecked_cast(Tensor, ops.prim.grad(k)), unchecked_cast(Tensor, ops.prim.grad(v))]
    errors = annotate(List[Tensor], [])
    for i in range(4):
      actual = __torch__.first_and_last_head(inputs[torch.add(i, 5)])
      difference = torch.max(torch.abs(torch.sub(actual, torch.detach(expected[i]))))
      _0 = torch.append(errors, torch.div(difference, __torch__.size_of(expected[i])))
    return errors
