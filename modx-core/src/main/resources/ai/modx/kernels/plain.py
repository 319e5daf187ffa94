# Plain arithmetic to judge kernels by: multiplications and sums of elements, no product of matrices, so that it
# shares no code with them.
#
# A product is not computed again but projected (Freivalds 1977, Probabilistic Machines Can Use Less Running Time):
# with signs r, every element of y = x w' takes part in y r = x (w' r), which takes a number of operations in the
# order of the numbers read. Where a kernel is right the two sides differ by rounding. One wrong element shows in its row by
# its share of it, 1 / sqrt(N): far above rounding in float32. In bfloat16 only more of them do, as a wrong block has.

def project(x: Tensor, signs: Tensor) -> Tensor:
    # (..., D) and (D) -> (...)
    return (x * signs).sum(dim=-1, dtype=torch.float64)


def error(actual: Tensor, expected: Tensor, terms: int) -> Tensor:
    # Largest difference, relative to the size that sums of so many products of normal numbers have
    return (actual - expected).abs().max() / terms ** 0.5


def size_of(x: Tensor) -> Tensor:
    # Root mean square
    return (x * x).mean().sqrt()


class Plain(nn.Module):
    dtype: torch.dtype

    # So many numbers from there on of the noise over and over, rounded as products see it
    def numbers(self, noise: Tensor, begin: Tensor, count: Tensor) -> Tensor:
        end = int(begin) + int(count)
        x = noise.repeat(end // noise.size(0) + 1)[int(begin):end]
        return x.to(self.dtype).to(torch.float32).clone()

    # [x (M, K), weight (N, K), or (K, N) if transposed, dy (M, N), bias (N) or nothing, 1 if transposed; y, dx, dweight,
    # dbias if there is one; signs] -> [their errors]
    def linear(self, inputs: List[Tensor]) -> List[Tensor]:
        x, weight, dy, bias, transposed = inputs[:5]
        y, dx, dw = inputs[5:8]
        if int(transposed) == 1:
            weight = weight.t()
            dw = dw.t()
        N, K = weight.shape
        n = inputs[-1][:N]
        k = inputs[-1][:K]
        weight_n = project(weight.t(), n).float()  # (K)
        weight_k = project(weight, k).float()  # (N)
        x_k = project(x, k).float().unsqueeze(-1)  # (M, 1)
        y_n = project(x, weight_n)
        if bias.numel() > 0:
            y_n = y_n + project(bias, n)
        errors = [error(project(y, n), y_n, K * N),
                  error(project(dx, k), project(dy, weight_k), K * N),
                  error(project(dw, k), (dy * x_k).sum(dim=0, dtype=torch.float64), x.size(0) * K)]
        if bias.numel() > 0:
            errors.append(error(inputs[8], dy.sum(dim=0, dtype=torch.float64), x.size(0)))
        return errors

    # [x (B, M, K), z (B, K, N), dy (B, M, N); y, dx, dz; signs] -> [their errors]
    def batched_product(self, inputs: List[Tensor]) -> List[Tensor]:
        x, z, dy, y, dx, dz, signs = inputs
        B, K, N = z.shape
        n = signs[:N]
        k = signs[:K]
        z_n = project(z, n).float().unsqueeze(1)  # (B, 1, K)
        z_k = project(z.transpose(1, 2), k).float().unsqueeze(1)  # (B, 1, N)
        dy_n = project(dy, n).float().unsqueeze(-1)  # (B, M, 1)
        return [error(project(y, n), project(x, z_n), K * N),
                error(project(dx, k), project(dy, z_k), K * N),
                error(project(dz, n), (x * dy_n).sum(dim=1, dtype=torch.float64), x.size(1) * N)]

    # [x (B, H, W, C), weight (N, C, k, k), dy (B, H', W', N), stride, padding; y, dx, dweight; signs] -> [their errors]
    def convolution(self, inputs: List[Tensor]) -> List[Tensor]:
        x, weight, dy, stride_, padding, y, dx, dw, signs = inputs
        stride = int(stride_)
        p = int(padding)
        N, C, size, _ = weight.shape
        H = x.size(1)
        W = x.size(2)
        n = signs[:N]
        c = signs[:C]
        weight_n = project(weight.permute(2, 3, 1, 0), n).float()  # (k, k, C)
        weight_c = project(weight.permute(2, 3, 0, 1), c).float()  # (k, k, N)
        padded = torch.constant_pad_nd(x, [0, 0, p, p, p, p])
        x_c = project(padded, c).float()
        y_n = torch.zeros(dy.shape[:-1], dtype=torch.float64)
        dx_c = torch.zeros_like(x_c, dtype=torch.float64)
        dw_c: List[Tensor] = []
        bottom = stride * (dy.size(1) - 1) + 1
        right = stride * (dy.size(2) - 1) + 1
        for i in range(size):
            for j in range(size):
                y_n += project(padded[:, i:i + bottom:stride, j:j + right:stride], weight_n[i][j])
                dx_c[:, i:i + bottom:stride, j:j + right:stride] += project(dy, weight_c[i][j])
                seen = x_c[:, i:i + bottom:stride, j:j + right:stride]
                dw_c.append((dy * seen.unsqueeze(-1)).sum(dim=[0, 1, 2], dtype=torch.float64))
        dx_c = dx_c[:, p:p + H, p:p + W]
        terms = size * size * N * C
        return [error(project(y, n), y_n, terms),
                error(project(dx, c), dx_c, terms // (stride * stride)),
                error(project(dw.permute(2, 3, 0, 1), c).flatten(0, 1), torch.stack(dw_c), dy.numel() // N * C)]

    # [queries, keys and values (L, 3, D) and dy (L, D) of one head; B, H] -> [(B, L, 3 H D), (B, L, H D)], the same in every
    # head of every sequence: each must come to what one comes to
    def repeated(self, inputs: List[Tensor]) -> List[Tensor]:
        x, dy, sequences, heads = inputs
        B = int(sequences)
        H = int(heads)
        L, _, D = x.shape
        return [x.view(1, L, 3, 1, D).expand(B, L, 3, H, D).reshape(B, L, 3 * H * D),
                dy.view(1, L, 1, D).expand(B, L, H, D).reshape(B, L, H * D)]

    # [queries, keys and values (L, 3, D) and dy (L, D) of one head, 1 if causal; y, gradient of the repeated] -> [errors]
    def attention(self, inputs: List[Tensor]) -> List[Tensor]:
        x, dy, causal, y, dx = inputs
        L, _, D = x.shape
        x = x.clone().requires_grad_()
        blocks: List[Tensor] = []
        for begin in range(0, L, 64):  # rows of scores, of which each takes L D numbers here
            q = x[begin:begin + 64, 0]
            scores = (q.unsqueeze(1) * x[:, 1].unsqueeze(0)).sum(dim=-1) / D ** 0.5
            if int(causal) == 1:
                later = torch.ones_like(scores, dtype=torch.bool).triu(begin + 1)
                scores = scores.masked_fill(later, float("-inf"))
            blocks.append((scores.softmax(dim=-1).unsqueeze(-1) * x[:, 2].unsqueeze(0)).sum(dim=1))
        expected = torch.cat(blocks)
        expected.backward(dy)
        expected = expected.detach()
        dx_expected = x.grad
        y_difference = y.view(y.size(0), L, -1, D) - expected.view(1, L, 1, D)
        dx_difference = dx.view(dx.size(0), L, 3, -1, D) - dx_expected.view(1, L, 3, 1, D)
        return [y_difference.abs().max() / size_of(expected), dx_difference.abs().max() / size_of(dx_expected)]
