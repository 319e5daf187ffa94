# CLIP's forward pass (Radford et al. 2021; OpenAI's clip/model.py): layers, ModifiedResNet, VisionTransformer, text
# transformer, towers. What clip_fast.py defines is said here in a comment, in plain words.
#
# p maps OpenAI's parameter names to tensors, buffers included. Numbers of layers, widths and patch size are read off
# the tensors; what they cannot tell is said by Tower and Amp.
# Letters: B batch, L tokens, D width, H heads, E embedding, S image side, C channels.
#
# Weights are float32 and are rounded on use, or are copies that were rounded before (compute_weights.py). The
# residual stream, normalisation layers and features stay in float32, as under torch.autocast.

class Amp(NamedTuple):
    dtype: torch.dtype  # of products, but for attention of one position: float32 or bfloat16
    convolve_linear: bool  # linear layers are computed as convolutions, see products.py


class BatchStatistics(Enum):
    EVAL = 0  # the running ones
    TRAIN = 1  # the batch's own, which move the running ones
    TRAIN_NO_UPDATE = 2  # the batch's own, for a batch that is computed again


class Encoder(Enum):
    RESNET = 0
    VIT = 1
    TEXT = 2


class Tower(NamedTuple):
    encoder: Encoder
    heads: int
    statistics: BatchStatistics  # of batch normalisation, which only a ResNet has


# ---- layers ---------------------------------------------------------------------------------------------------------

def linear(x: Tensor, weight: Tensor, bias: Optional[Tensor], amp: Amp) -> Tensor:
    # (..., D) -> (..., N)
    if bias is not None:
        bias = bias.to(amp.dtype)
    return product(x.to(amp.dtype), weight.to(amp.dtype), bias, amp.convolve_linear)


def layer_norm(x: Tensor, p: Dict[str, Tensor], name: str) -> Tensor:
    return torch.layer_norm(x.float(), [x.size(-1)], p[name + ".weight"], p[name + ".bias"])


def split_heads(x: Tensor, heads: int) -> Tensor:
    # (B, L, D) -> (B, H, L, D/H)
    return x.view(x.size(0), x.size(1), heads, -1).transpose(1, 2)


def attention(q: Tensor, k: Tensor, v: Tensor, heads: int, causal: bool) -> Tensor:
    # (B, L, D) each. In float32 on the CPU, where torch takes ten times as long for the gradient in bfloat16.
    if not q.is_cuda:
        q, k, v = q.float(), k.float(), v.float()
    q, k, v = split_heads(q, heads), split_heads(k, heads), split_heads(v, heads)
    y = torch.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return y.transpose(1, 2).flatten(2)


def self_attention(x: Tensor, p: Dict[str, Tensor], name: str, heads: int, causal: bool, amp: Amp) -> Tensor:
    qkv = linear(x, p[name + ".in_proj_weight"], p[name + ".in_proj_bias"], amp)  # (B, L, 3D)
    q, k, v = qkv.chunk(3, dim=-1)
    y = attention(q, k, v, heads, causal)
    return linear(y, p[name + ".out_proj.weight"], p[name + ".out_proj.bias"], amp)


def residual_attention_block(x: Tensor, p: Dict[str, Tensor], block: str, heads: int, causal: bool, amp: Amp) -> Tensor:
    # Pre-norm. x: (B, L, D)
    x = x + self_attention(layer_norm(x, p, block + ".ln_1"), p, block + ".attn", heads, causal, amp)
    return add_mlp(x, p, block, amp)  # x + mlp(ln_2(x))


def resblocks(p: Dict[str, Tensor], transformer: str) -> List[str]:
    # As many as p holds.
    names: List[str] = []
    while "{}.resblocks.{}.ln_1.weight".format(transformer, len(names)) in p:
        names.append("{}.resblocks.{}".format(transformer, len(names)))
    return names


# ---- ModifiedResNet -------------------------------------------------------------------------------------------------

def conv(x: Tensor, weight: Tensor, stride: int, padding: int, amp: Amp) -> Tensor:
    return convolution(x.to(amp.dtype), weight.to(amp.dtype), None, stride, padding)


def batch_norm(x: Tensor, p: Dict[str, Tensor], name: str, statistics: BatchStatistics) -> Tensor:
    running_mean: Optional[Tensor] = None
    running_var: Optional[Tensor] = None
    if statistics != BatchStatistics.TRAIN_NO_UPDATE:
        running_mean = p[name + ".running_mean"]
        running_var = p[name + ".running_var"]
    if statistics == BatchStatistics.TRAIN:
        p[name + ".num_batches_tracked"].add_(1)
    return torch.batch_norm(x, p[name + ".weight"], p[name + ".bias"], running_mean, running_var,
                            training=statistics != BatchStatistics.EVAL, momentum=0.1, eps=1e-5, cudnn_enabled=True)


def conv_norm(x: Tensor, p: Dict[str, Tensor], block: str, i: int, stride: int, padding: int, tower: Tower,
              amp: Amp) -> Tensor:
    y = conv(x, p["{}.conv{}.weight".format(block, i)], stride, padding, amp)
    return batch_norm(y, p, "{}.bn{}".format(block, i), tower.statistics)


def bottleneck(x: Tensor, p: Dict[str, Tensor], block: str, tower: Tower, amp: Amp) -> Tensor:
    # Anti-aliased: every convolution has stride 1, an average pooling does the striding, in the first block of all
    # layers but one.
    x = x.to(amp.dtype)
    y = conv_norm(x, p, block, 1, 1, 0, tower, amp).relu_()
    y = conv_norm(y, p, block, 2, 1, 1, tower, amp).relu_()
    shortcut = x
    if block.endswith(".0") and block != "visual.layer1.0":
        y = avg_pool_2x2(y)
        shortcut = avg_pool_2x2(shortcut)
    y = conv_norm(y, p, block, 3, 1, 0, tower, amp)
    if block + ".downsample.0.weight" in p:
        shortcut = conv(shortcut, p[block + ".downsample.0.weight"], 1, 0, amp)
        shortcut = batch_norm(shortcut, p, block + ".downsample.1", tower.statistics)
    return y.add_(shortcut).relu_()


def bottlenecks(p: Dict[str, Tensor]) -> List[str]:
    # As many as p holds.
    names: List[str] = []
    for layer in range(1, 5):
        i = 0
        while "visual.layer{}.{}.conv1.weight".format(layer, i) in p:
            names.append("visual.layer{}.{}".format(layer, i))
            i += 1
    return names


def resnet_stem(x: Tensor, p: Dict[str, Tensor], tower: Tower, amp: Amp) -> Tensor:
    # (B, 3, S, S) -> (B, C, S/4, S/4)
    x = conv_norm(x, p, "visual", 1, 2, 1, tower, amp).relu_()
    x = conv_norm(x, p, "visual", 2, 1, 1, tower, amp).relu_()
    x = conv_norm(x, p, "visual", 3, 1, 1, tower, amp).relu_()
    return avg_pool_2x2(x)


def attention_pool(x: Tensor, p: Dict[str, Tensor], name: str, heads: int, amp: Amp) -> Tensor:
    # The mean of all positions asks, mean and positions answer. (B, C, H, W) -> (B, E)
    x = x.flatten(2).transpose(1, 2)
    x = torch.cat([x.mean(dim=1, keepdim=True), x], dim=1)
    x = x + p[name + ".positional_embedding"]
    weights = [p[name + ".q_proj.weight"], p[name + ".k_proj.weight"], p[name + ".v_proj.weight"]]
    biases = [p[name + ".q_proj.bias"], p[name + ".k_proj.bias"], p[name + ".v_proj.bias"]]
    y = attend_once(x.select(1, 0), x, weights, biases, heads, None, amp)
    return linear(y, p[name + ".c_proj.weight"], p[name + ".c_proj.bias"], amp)


# ---- VisionTransformer ----------------------------------------------------------------------------------------------

def vit_stem(x: Tensor, p: Dict[str, Tensor], amp: Amp) -> Tensor:
    # (B, 3, S, S) -> (B, L, D)
    x = patch_embedding(x, p["visual.conv1.weight"], amp)  # a convolution as wide as its stride: (B, L - 1, D)
    class_token = p["visual.class_embedding"].view(1, 1, -1).expand(x.size(0), -1, -1)
    x = torch.cat([class_token, x], dim=1) + p["visual.positional_embedding"]
    return layer_norm(x, p, "visual.ln_pre")


def vit_head(x: Tensor, p: Dict[str, Tensor], heads: int, amp: Amp) -> Tensor:
    # (B, L, D) -> (B, E), read at the class token
    x = last_block(x, x.select(1, 0), None, p, "visual.transformer", heads, amp)
    x = layer_norm(x, p, "visual.ln_post")
    return linear(x, p["visual.proj"].t(), None, amp)


# ---- text transformer -----------------------------------------------------------------------------------------------

def text_stem(tokens: Tensor, p: Dict[str, Tensor]) -> Tensor:
    # (B, L) -> (B, L, D). Attention is causal, so columns behind the last end of a text may be left out without
    # changing the features.
    return torch.embedding(p["token_embedding.weight"], tokens) + p["positional_embedding"][:tokens.size(1)]


def text_head(x: Tensor, tokens: Tensor, p: Dict[str, Tensor], heads: int, amp: Amp) -> Tensor:
    # (B, L, D) -> (B, E), read at the end of the text: the largest id
    eot = tokens.argmax(dim=-1)
    behind = torch.arange(x.size(1), device=x.device) > eot.unsqueeze(1)
    x = last_block(x, x[torch.arange(x.size(0), device=x.device), eot], behind, p, "transformer", heads, amp)
    x = layer_norm(x, p, "ln_final")
    return linear(x, p["text_projection"].t(), None, amp)


# ---- towers: a stem, blocks, a head ---------------------------------------------------------------------------------

def pixels_to_float(images: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    # uint8 (B, S, S, 3) as the loader fills it -> normalised float32 (B, 3, S, S), channels last in memory.
    # Anything else is taken to be normalised already.
    if images.dtype != torch.uint8:
        return images
    x = (images.float() / 255. - mean.to(images.device)) / std.to(images.device)
    return x.permute(0, 3, 1, 2)


def stem(inputs: Tensor, p: Dict[str, Tensor], tower: Tower, amp: Amp) -> Tensor:
    if tower.encoder == Encoder.TEXT:
        return text_stem(inputs, p)
    if tower.encoder == Encoder.RESNET:
        return resnet_stem(inputs, p, tower, amp)
    return vit_stem(inputs, p, amp)


def block_names(p: Dict[str, Tensor], tower: Tower) -> List[str]:
    if tower.encoder == Encoder.RESNET:
        return bottlenecks(p)
    transformer = "transformer" if tower.encoder == Encoder.TEXT else "visual.transformer"
    return resblocks(p, transformer)[:-1]  # the last one is part of the head


def run_block(x: Tensor, p: Dict[str, Tensor], block: str, tower: Tower, amp: Amp) -> Tensor:
    if tower.encoder == Encoder.RESNET:
        return bottleneck(x, p, block, tower, amp)
    return residual_attention_block(x, p, block, tower.heads, tower.encoder == Encoder.TEXT, amp)


def head(x: Tensor, inputs: Tensor, p: Dict[str, Tensor], tower: Tower, amp: Amp) -> Tensor:
    if tower.encoder == Encoder.TEXT:
        y = text_head(x, inputs, p, tower.heads, amp)
    elif tower.encoder == Encoder.RESNET:
        y = attention_pool(x.float(), p, "visual.attnpool", tower.heads, amp)
    else:
        y = vit_head(x, p, tower.heads, amp)
    return y.float()


def encode(inputs: Tensor, p: Dict[str, Tensor], tower: Tower, amp: Amp) -> Tensor:
    # Images (B, 3, S, S), normalised, or token ids (B, L) -> features (B, E), not normalised
    x = stem(inputs, p, tower, amp)
    for block in block_names(p, tower):
        x = run_block(x, p, block, tower, amp)
    return head(x, inputs, p, tower, amp)
