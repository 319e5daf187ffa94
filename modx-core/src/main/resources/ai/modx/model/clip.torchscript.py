# CLIP's forward computation, as libtorch runs it. The language is serialized TorchScript: Python's syntax, static types,
# every tensor operation under its aten name.
#
# The weights are an argument: p maps OpenAI's parameter names to tensors, buffers included. Number of layers, widths and
# patch size are read off the tensors; what they cannot tell is an attribute of the class at the end of this file.
# Letters: B batch, L tokens, D width, H heads, E embedding, S image side, C channels.
#
# dtype is the arithmetic's element type (torch's numbers: 6 float32, 15 bfloat16). Weights are float32 and are rounded on use;
# the residual stream, normalisation layers and features stay in float32, as under torch.autocast.


# ---- layers ---------------------------------------------------------------------------------------------------------

def linear(x: Tensor, weight: Tensor, bias: Optional[Tensor], dtype: int) -> Tensor:
  if bias is None:
    y = torch.linear(torch.to(x, dtype), torch.to(weight, dtype))
  else:
    y = torch.linear(torch.to(x, dtype), torch.to(weight, dtype), torch.to(bias, dtype))
  return y

def layer_norm(x: Tensor, p: Dict[str, Tensor], name: str) -> Tensor:
  return torch.layer_norm(torch.to(x, 6), [x.size(-1)], p[name + ".weight"], p[name + ".bias"], 1e-05)

def quick_gelu(x: Tensor) -> Tensor:
  # x * sigmoid(1.702 x), written so that backward has to keep one tensor instead of two.
  return torch.mul(torch.silu(torch.mul(x, 1.702)), 0.587544065804935)

def split_heads(x: Tensor, heads: int) -> Tensor:
  # (B, L, D) -> (B, H, L, D/H)
  return torch.transpose(torch.view(x, [x.size(0), x.size(1), heads, -1]), 1, 2)

def merge_heads(x: Tensor) -> Tensor:
  # (B, H, L, D/H) -> (B, L, D)
  return torch.flatten(torch.transpose(x, 1, 2), 2)

def self_attention(x: Tensor, p: Dict[str, Tensor], name: str, heads: int, causal: bool, dtype: int) -> Tensor:
  qkv = __torch__.linear(x, p[name + ".in_proj_weight"], p[name + ".in_proj_bias"], dtype)  # (B, L, 3D)
  q, k, v = torch.chunk(qkv, 3, -1)
  y = torch.scaled_dot_product_attention(
      __torch__.split_heads(q, heads), __torch__.split_heads(k, heads), __torch__.split_heads(v, heads), None, 0., causal)
  return __torch__.linear(__torch__.merge_heads(y), p[name + ".out_proj.weight"], p[name + ".out_proj.bias"], dtype)

def transformer(x: Tensor, p: Dict[str, Tensor], name: str, heads: int, causal: bool, dtype: int) -> Tensor:
  # Pre-norm residual blocks; as many as p holds. x: (B, L, D)
  i = 0
  while torch.__contains__(p, torch.format("{}.resblocks.{}.ln_1.weight", name, i)):
    block = torch.format("{}.resblocks.{}", name, i)
    x = torch.add(x, __torch__.self_attention(__torch__.layer_norm(x, p, block + ".ln_1"), p, block + ".attn", heads, causal, dtype))
    h = __torch__.layer_norm(x, p, block + ".ln_2")
    h = __torch__.linear(h, p[block + ".mlp.c_fc.weight"], p[block + ".mlp.c_fc.bias"], dtype)
    h = __torch__.linear(__torch__.quick_gelu(h), p[block + ".mlp.c_proj.weight"], p[block + ".mlp.c_proj.bias"], dtype)
    x = torch.add(x, h)
    i = torch.add(i, 1)
  return x


# ---- ModifiedResNet -------------------------------------------------------------------------------------------------

def conv(x: Tensor, weight: Tensor, stride: int, padding: int, dtype: int) -> Tensor:
  return torch.conv2d(torch.to(x, dtype), torch.to(weight, dtype), None, [stride, stride], [padding, padding])

def batch_norm(x: Tensor, p: Dict[str, Tensor], name: str, statistics: int) -> Tensor:
  # statistics: 0 the running ones; 1 this batch's, which also move the running ones (torch's momentum 0.1); 2 this batch's alone.
  if statistics == 2:
    y = torch.batch_norm(x, p[name + ".weight"], p[name + ".bias"], None, None, True, 0.1, 1e-05, True)
  else:
    if statistics == 1:
      _0 = torch.add_(p[name + ".num_batches_tracked"], 1)
    y = torch.batch_norm(x, p[name + ".weight"], p[name + ".bias"], p[name + ".running_mean"], p[name + ".running_var"],
                         statistics == 1, 0.1, 1e-05, True)
  return y

def conv_norm(x: Tensor, p: Dict[str, Tensor], block: str, i: int, stride: int, padding: int, statistics: int, dtype: int) -> Tensor:
  y = __torch__.conv(x, p[torch.format("{}.conv{}.weight", block, i)], stride, padding, dtype)
  return __torch__.batch_norm(y, p, torch.format("{}.bn{}", block, i), statistics)

def bottleneck(x: Tensor, p: Dict[str, Tensor], block: str, stride: int, statistics: int, dtype: int) -> Tensor:
  # Anti-aliased: every convolution has stride 1, an average pooling does the striding.
  y = torch.relu(__torch__.conv_norm(x, p, block, 1, 1, 0, statistics, dtype))
  y = torch.relu(__torch__.conv_norm(y, p, block, 2, 1, 1, statistics, dtype))
  shortcut = x
  if stride > 1:
    y = torch.avg_pool2d(y, [stride, stride])
    shortcut = torch.avg_pool2d(shortcut, [stride, stride])
  y = __torch__.conv_norm(y, p, block, 3, 1, 0, statistics, dtype)
  if torch.__contains__(p, block + ".downsample.0.weight"):
    shortcut = __torch__.conv(shortcut, p[block + ".downsample.0.weight"], 1, 0, dtype)
    shortcut = __torch__.batch_norm(shortcut, p, block + ".downsample.1", statistics)
  return torch.relu(torch.add(y, shortcut))

def attention_pool(x: Tensor, p: Dict[str, Tensor], name: str, heads: int, dtype: int) -> Tensor:
  # The mean of all positions asks, mean and positions answer. x: (B, C, H, W) -> (B, E)
  x = torch.transpose(torch.flatten(x, 2), 1, 2)
  x = torch.cat([torch.mean(x, [1], True), x], 1)
  x = torch.add(x, p[name + ".positional_embedding"])
  q = __torch__.linear(torch.slice(x, 1, 0, 1), p[name + ".q_proj.weight"], p[name + ".q_proj.bias"], dtype)
  k = __torch__.linear(x, p[name + ".k_proj.weight"], p[name + ".k_proj.bias"], dtype)
  v = __torch__.linear(x, p[name + ".v_proj.weight"], p[name + ".v_proj.bias"], dtype)
  y = torch.scaled_dot_product_attention(
      __torch__.split_heads(q, heads), __torch__.split_heads(k, heads), __torch__.split_heads(v, heads))
  y = __torch__.linear(__torch__.merge_heads(y), p[name + ".c_proj.weight"], p[name + ".c_proj.bias"], dtype)
  return torch.select(y, 1, 0)

def modified_resnet(x: Tensor, p: Dict[str, Tensor], heads: int, statistics: int, dtype: int) -> Tensor:
  # x: (B, 3, S, S) -> (B, E)
  x = torch.relu(__torch__.conv_norm(x, p, "visual", 1, 2, 1, statistics, dtype))
  x = torch.relu(__torch__.conv_norm(x, p, "visual", 2, 1, 1, statistics, dtype))
  x = torch.relu(__torch__.conv_norm(x, p, "visual", 3, 1, 1, statistics, dtype))
  x = torch.avg_pool2d(x, [2, 2])
  for layer in range(1, 5):
    i = 0
    while torch.__contains__(p, torch.format("visual.layer{}.{}.conv1.weight", layer, i)):
      stride = 1
      if i == 0 and layer > 1:
        stride = 2
      x = __torch__.bottleneck(x, p, torch.format("visual.layer{}.{}", layer, i), stride, statistics, dtype)
      i = torch.add(i, 1)
  return __torch__.attention_pool(torch.to(x, 6), p, "visual.attnpool", heads, dtype)


# ---- VisionTransformer ----------------------------------------------------------------------------------------------

def vision_transformer(x: Tensor, p: Dict[str, Tensor], heads: int, dtype: int) -> Tensor:
  # x: (B, 3, S, S) -> (B, E)
  patches = p["visual.conv1.weight"]
  x = torch.to(__torch__.conv(x, patches, patches.size(-1), 0, dtype), 6)
  x = torch.transpose(torch.flatten(x, 2), 1, 2)  # (B, L - 1, D)
  class_token = torch.expand(torch.view(p["visual.class_embedding"], [1, 1, -1]), [x.size(0), -1, -1])
  x = torch.add(torch.cat([class_token, x], 1), p["visual.positional_embedding"])
  x = __torch__.layer_norm(x, p, "visual.ln_pre")
  x = __torch__.transformer(x, p, "visual.transformer", heads, False, dtype)
  x = __torch__.layer_norm(torch.select(x, 1, 0), p, "visual.ln_post")
  return __torch__.linear(x, torch.t(p["visual.proj"]), None, dtype)


# ---- entry points ---------------------------------------------------------------------------------------------------

def pixels_to_float(images: Tensor, mean: Tensor, std: Tensor) -> Tensor:
  # uint8 (B, S, S, 3) as the loader fills it -> normalised float32 (B, 3, S, S), channels last in memory.
  # Anything else is taken to be normalised already.
  x = images
  if torch.eq(images.dtype, 0):
    x = torch.div(torch.sub(torch.div(torch.to(images, 6), 255.), mean), std)
    x = torch.permute(x, [0, 3, 1, 2])
  return x

def image_features(images: Tensor, p: Dict[str, Tensor], heads: int, statistics: int, dtype: int, mean: Tensor, std: Tensor) -> Tensor:
  x = __torch__.pixels_to_float(images, mean, std)
  if torch.__contains__(p, "visual.proj"):
    y = __torch__.vision_transformer(x, p, heads, dtype)
  else:
    y = __torch__.modified_resnet(x, p, heads, statistics, dtype)
  return torch.to(y, 6)

class Clip(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  vision_heads : int
  text_heads : int
  dtype : int
  mean : Tensor
  std : Tensor

  # (B, S, S, 3) uint8 or (B, 3, S, S) float32 -> (B, E), not normalised; batch normalisation by its running statistics
  def encode_image(self: __torch__.Clip, images: Tensor, p: Dict[str, Tensor]) -> Tensor:
    return __torch__.image_features(images, p, self.vision_heads, 0, self.dtype, self.mean, self.std)

  # The same, batch normalisation by the batch's own statistics, which the running ones remember
  def encode_image_train(self: __torch__.Clip, images: Tensor, p: Dict[str, Tensor]) -> Tensor:
    return __torch__.image_features(images, p, self.vision_heads, 1, self.dtype, self.mean, self.std)

  # The same, leaving the running statistics alone: for a batch that is computed twice
  def encode_image_again(self: __torch__.Clip, images: Tensor, p: Dict[str, Tensor]) -> Tensor:
    return __torch__.image_features(images, p, self.vision_heads, 2, self.dtype, self.mean, self.std)

  # (B, L) int token ids -> (B, E), not normalised. The feature is read at the largest id: the end mark.
  # Attention is causal, so columns behind every row's end mark may be left out without changing the result.
  def encode_text(self: __torch__.Clip, tokens: Tensor, p: Dict[str, Tensor]) -> Tensor:
    x = torch.embedding(p["token_embedding.weight"], tokens)  # (B, L, D)
    x = torch.add(x, torch.slice(p["positional_embedding"], 0, 0, tokens.size(1)))
    x = __torch__.transformer(x, p, "transformer", self.text_heads, True, self.dtype)
    rows = torch.arange(tokens.size(0), dtype=4, device=tokens.device)
    x = torch.index(x, annotate(List[Optional[Tensor]], [rows, torch.argmax(tokens, -1)]))
    x = __torch__.layer_norm(x, p, "ln_final")
    return torch.to(__torch__.linear(x, torch.t(p["text_projection"]), None, self.dtype), 6)
