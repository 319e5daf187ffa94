# The same mathematics as in the papers, in fewer operations and passes over memory.

def patch_embedding(x: Tensor, kernel: Tensor, amp: Amp) -> Tensor:
    # The convolution of patches that do not overlap, as a product: G x G patches of P x P pixels.
    # (B, 3, S, S) and (D, 3, P, P) -> (B, G G, D)
    P = kernel.size(-1)
    G = x.size(-1) // P
    x = x.to(amp.dtype).permute(0, 2, 3, 1)[:, :G * P, :G * P]
    x = x.view(x.size(0), G, P, G, P, x.size(-1)).permute(0, 1, 3, 2, 4, 5)
    x = x.reshape(x.size(0), G * G, -1)  # (B, G G, P P 3)
    return linear(x, kernel.permute(0, 2, 3, 1).flatten(1), None, amp).float()


def avg_pool_2x2(x: Tensor) -> Tensor:
    # (B, C, H, W) -> (B, C, H/2, W/2). On CUDA as means over two dimensions of pixels, channels last, for which torch
    # has the faster kernels: its pooling takes a sixth of a step of RN50.
    if not x.is_cuda or x.size(2) % 2 == 1 or x.size(3) % 2 == 1:
        return torch.avg_pool2d(x, 2)
    x = x.permute(0, 2, 3, 1)
    x = x.view(x.size(0), x.size(1) // 2, 2, x.size(2) // 2, 2, x.size(3))
    return x.mean(dim=[2, 4]).permute(0, 3, 1, 2)


# ---- QuickGELU's factor, folded into vectors ------------------------------------------------------------------------

def quick_gelu_factor() -> float:
    return 1.702


def scaled(p: Dict[str, Tensor], name: str) -> Tensor:
    # A vector times that factor: as it was prepared (compute_weights.py), or else computed now
    if name + " scaled" in p:
        return p[name + " scaled"]
    return p[name] * quick_gelu_factor()


def add_mlp(x: Tensor, p: Dict[str, Tensor], block: str, amp: Amp) -> Tensor:
    # x + c_proj(quick_gelu(c_fc(ln_2(x)))), where quick_gelu(h) = h sigmoid(1.702 h) = silu(1.702 h) / 1.702. The
    # factors are moved off h, (B, L, 4D), to vectors before it and to the sum behind it: fewer passes over memory,
    # and less of it kept for backward.
    h = torch.layer_norm(x.float(), [x.size(-1)], scaled(p, block + ".ln_2.weight"), scaled(p, block + ".ln_2.bias"))
    h = linear(h, p[block + ".mlp.c_fc.weight"], scaled(p, block + ".mlp.c_fc.bias"), amp)
    h = linear(torch.silu(h), p[block + ".mlp.c_proj.weight"], scaled(p, block + ".mlp.c_proj.bias"), amp)
    return torch.add(x, h, alpha=1. / quick_gelu_factor())


# ---- the last block, of the one position that is read ---------------------------------------------------------------

def rounded(x: Tensor, amp: Amp) -> Tensor:
    # float32 of no more digits than products see, so that weights that were rounded before give the same bits
    return x.to(amp.dtype).float()


def attend_once(query: Tensor, x: Tensor, weights: List[Tensor], biases: List[Tensor], heads: int,
                key_padding_mask: Optional[Tensor], amp: Amp) -> Tensor:
    # Multi-head attention of one query a sequence, (B, D) to (B, L, D) -> (B, D), by projections of queries, keys and
    # values. Keys and values of all positions would be two products with (B L, D); by associativity none is needed:
    # q . (K x) = (q K) . x for the scores, of which softmax makes a, and sum a (V x) = V (sum a x). What is left is
    # small, so it can be in float32.
    # key_padding_mask: (B, L), positions not to be seen
    width = x.size(-1)
    q = linear(query, weights[0], biases[0], amp).float() / (width // heads) ** 0.5
    q = q.view(x.size(0), heads, -1)  # (B, H, D/H)
    to_keys = rounded(weights[1], amp).view(heads, -1, width)  # (H, D/H, D)
    to_values = rounded(weights[2], amp).view(heads, -1, width)
    key_bias = rounded(biases[1], amp).view(heads, -1)
    constant = (q * key_bias).sum(dim=2, keepdim=True)  # (B, H, 1). Softmax ignores it; the bias must have a gradient
    q = (q.transpose(0, 1) @ to_keys).transpose(0, 1)  # (B, H, D)
    scores = q @ x.transpose(1, 2) + constant  # (B, H, L)
    if key_padding_mask is not None:
        scores = scores.masked_fill(key_padding_mask.unsqueeze(1), float("-inf"))
    y = scores.softmax(dim=-1) @ x  # (B, H, D)
    y = (y.transpose(0, 1) @ to_values.transpose(1, 2)).transpose(0, 1)  # (B, H, D/H)
    return y.flatten(1) + rounded(biases[2], amp)


def last_block(x: Tensor, read: Tensor, key_padding_mask: Optional[Tensor], p: Dict[str, Tensor], transformer: str,
               heads: int, amp: Amp) -> Tensor:
    # The last residual_attention_block, of the one position of x that is read behind it: (B, L, D) -> (B, D)
    # read: (B, D), x at that position; key_padding_mask: (B, L), what it does not see
    block = resblocks(p, transformer)[-1]
    name = block + ".attn"
    weights = p[name + ".in_proj_weight"].chunk(3)
    biases = p[name + ".in_proj_bias"].chunk(3)
    query = layer_norm(read, p, block + ".ln_1")
    y = attend_once(query, layer_norm(x, p, block + ".ln_1"), weights, biases, heads, key_padding_mask, amp)
    y = linear(y, p[name + ".out_proj.weight"], p[name + ".out_proj.bias"], amp)
    return add_mlp(read + y, p, block, amp)
