# CLIP's forward computation, as libtorch runs it. The language is serialized TorchScript: Python's syntax, static types,
# every tensor operation under its aten name.
#
# p maps OpenAI's parameter names to tensors, buffers included; "NAME scaled" to what add_mlp needs, if that is there. Number of layers,
# widths and patch size are read off the tensors; what they cannot tell is an attribute of the class at the end of this file.
# Letters: B batch, L tokens, D width, H heads, E embedding, S image side, C channels.
#
# Weights are float32 and are rounded on use, or are copies that were rounded before; the residual stream, normalisation layers and features stay in float32, as under
# torch.autocast.

class Arithmetic(NamedTuple):
  dtype : int  # of products, but for attention of one position; torch's number: 6 float32, 15 bfloat16
  convolve_linear : bool  # linear layers are computed as convolutions, see products.torchscript.py


# ---- layers ---------------------------------------------------------------------------------------------------------

def linear(x: Tensor, weight: Tensor, bias: Optional[Tensor], how: Arithmetic) -> Tensor:
  # (..., D) -> (..., N)
  if bias is not None:
    bias = torch.to(bias, how.dtype)
  return product(torch.to(x, how.dtype), torch.to(weight, how.dtype), bias, how.convolve_linear)

def layer_norm(x: Tensor, p: Dict[str, Tensor], name: str) -> Tensor:
  return torch.layer_norm(torch.to(x, 6), [x.size(-1)], p[name + ".weight"], p[name + ".bias"], 1e-05)

def split_heads(x: Tensor, heads: int) -> Tensor:
  # (B, L, D) -> (B, H, L, D/H)
  return torch.transpose(torch.view(x, [x.size(0), x.size(1), heads, -1]), 1, 2)

def merge_heads(x: Tensor) -> Tensor:
  # (B, H, L, D/H) -> (B, L, D)
  return torch.flatten(torch.transpose(x, 1, 2), 2)

def attention(q: Tensor, k: Tensor, v: Tensor, heads: int, causal: bool) -> Tensor:
  # (B, L, D) each. In float32 on the CPU, where torch takes ten times as long for the gradient in bfloat16.
  if not q.is_cuda:
    q = torch.to(q, 6)
    k = torch.to(k, 6)
    v = torch.to(v, 6)
  y = torch.scaled_dot_product_attention(
      split_heads(q, heads), split_heads(k, heads), split_heads(v, heads), None, 0., causal)
  return merge_heads(y)

def self_attention(x: Tensor, p: Dict[str, Tensor], name: str, heads: int, causal: bool, how: Arithmetic) -> Tensor:
  qkv = linear(x, p[name + ".in_proj_weight"], p[name + ".in_proj_bias"], how)  # (B, L, 3D)
  q, k, v = torch.chunk(qkv, 3, -1)
  y = attention(q, k, v, heads, causal)
  return linear(y, p[name + ".out_proj.weight"], p[name + ".out_proj.bias"], how)

def rounded(x: Tensor, how: Arithmetic) -> Tensor:
  # float32 of no more digits than products see, so that weights that were rounded before give the same bits
  return torch.to(torch.to(x, how.dtype), 6)

def attend_once(query: Tensor, x: Tensor, weights: List[Tensor], biases: List[Tensor], heads: int, hidden: Optional[Tensor],
                how: Arithmetic) -> Tensor:
  # Multi-head attention of one query a sequence, (B, D) to (B, L, D) -> (B, D), by projections of queries, keys and values. Keys and
  # values of all positions would be two products with (B L, D); by associativity none is needed: q . (K x) = (q K) . x for the
  # scores, of which softmax makes a, and sum a (V x) = V (sum a x). What is left is small, so it can be in float32.
  # hidden: (B, L), positions not to be seen.
  width = x.size(-1)
  q = torch.to(linear(query, weights[0], biases[0], how), 6)
  q = torch.view(torch.div(q, torch.sqrt(torch.floordiv(width, heads))), [x.size(0), heads, -1])  # (B, H, D/H)
  to_keys = torch.view(rounded(weights[1], how), [heads, -1, width])  # (H, D/H, D)
  to_values = torch.view(rounded(weights[2], how), [heads, -1, width])
  key_bias = torch.view(rounded(biases[1], how), [heads, -1])
  constant = torch.sum(torch.mul(q, key_bias), [2], True)  # (B, H, 1). Softmax ignores it, but the bias must have a gradient
  q = torch.transpose(torch.matmul(torch.transpose(q, 0, 1), to_keys), 0, 1)  # (B, H, D)
  scores = torch.add(torch.matmul(q, torch.transpose(x, 1, 2)), constant)  # (B, H, L)
  if hidden is not None:
    scores = torch.masked_fill(scores, torch.unsqueeze(hidden, 1), -inf)
  y = torch.matmul(torch.softmax(scores, -1), x)  # (B, H, D)
  y = torch.transpose(torch.matmul(torch.transpose(y, 0, 1), torch.transpose(to_values, 1, 2)), 0, 1)  # (B, H, D/H)
  return torch.add(torch.flatten(y, 1), rounded(biases[2], how))

def quick_gelu_factor() -> float:
  return 1.702

def scaled(p: Dict[str, Tensor], name: str) -> Tensor:
  # A vector times that factor: as it was prepared, or else computed now
  if torch.__contains__(p, name + " scaled"):
    y = p[name + " scaled"]
  else:
    y = torch.mul(p[name], quick_gelu_factor())
  return y

def add_mlp(x: Tensor, p: Dict[str, Tensor], block: str, how: Arithmetic) -> Tensor:
  # x + c_proj(quick_gelu(c_fc(ln_2(x)))), where quick_gelu(h) = h sigmoid(1.702 h) = silu(1.702 h) / 1.702. The factors are moved
  # off h, (B, L, 4D), to vectors before it and to the sum behind it: fewer passes over memory, and less of it kept for backward.
  h = torch.layer_norm(torch.to(x, 6), [x.size(-1)], scaled(p, block + ".ln_2.weight"), scaled(p, block + ".ln_2.bias"), 1e-05)
  h = linear(h, p[block + ".mlp.c_fc.weight"], scaled(p, block + ".mlp.c_fc.bias"), how)
  h = linear(torch.silu(h), p[block + ".mlp.c_proj.weight"], scaled(p, block + ".mlp.c_proj.bias"), how)
  return torch.add(x, h, alpha=torch.div(1., quick_gelu_factor()))

def residual_attention_block(x: Tensor, p: Dict[str, Tensor], block: str, heads: int, causal: bool, how: Arithmetic) -> Tensor:
  # Pre-norm. x: (B, L, D)
  x = torch.add(x, self_attention(layer_norm(x, p, block + ".ln_1"), p, block + ".attn", heads, causal, how))
  return add_mlp(x, p, block, how)

def resblocks(p: Dict[str, Tensor], transformer: str) -> List[str]:
  # As many as p holds.
  names = annotate(List[str], [])
  while torch.__contains__(p, torch.format("{}.resblocks.{}.ln_1.weight", transformer, torch.len(names))):
    _0 = torch.append(names, torch.format("{}.resblocks.{}", transformer, torch.len(names)))
  return names

def last_block(x: Tensor, read: Tensor, hidden: Optional[Tensor], p: Dict[str, Tensor], transformer: str, heads: int,
               how: Arithmetic) -> Tensor:
  # The last residual_attention_block, of the one position of x that is read behind it: read, (B, D). hidden: (B, L), what that one
  # does not see. (B, L, D) -> (B, D)
  block = resblocks(p, transformer)[-1]
  name = block + ".attn"
  query = layer_norm(read, p, block + ".ln_1")
  weights = torch.chunk(p[name + ".in_proj_weight"], 3)
  biases = torch.chunk(p[name + ".in_proj_bias"], 3)
  y = attend_once(query, layer_norm(x, p, block + ".ln_1"), weights, biases, heads, hidden, how)
  y = linear(y, p[name + ".out_proj.weight"], p[name + ".out_proj.bias"], how)
  return add_mlp(torch.add(read, y), p, block, how)


# ---- ModifiedResNet -------------------------------------------------------------------------------------------------

def conv(x: Tensor, weight: Tensor, stride: int, padding: int, how: Arithmetic) -> Tensor:
  return convolution(torch.to(x, how.dtype), torch.to(weight, how.dtype), None, stride, padding)

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

def conv_norm(x: Tensor, p: Dict[str, Tensor], block: str, i: int, stride: int, padding: int, statistics: int, how: Arithmetic) -> Tensor:
  y = conv(x, p[torch.format("{}.conv{}.weight", block, i)], stride, padding, how)
  return batch_norm(y, p, torch.format("{}.bn{}", block, i), statistics)

def halve(x: Tensor) -> Tensor:
  # (B, C, H, W) -> (B, C, H/2, W/2): means of 2 x 2. On CUDA as means over two dimensions of pixels, channels last, for which torch has
  # the faster kernels: its pooling takes a sixth of a step of RN50.
  if x.is_cuda and x.size(2) % 2 == 0 and x.size(3) % 2 == 0:
    x = torch.permute(x, [0, 2, 3, 1])
    x = torch.view(x, [x.size(0), torch.floordiv(x.size(1), 2), 2, torch.floordiv(x.size(2), 2), 2, x.size(3)])
    y = torch.permute(torch.mean(x, [2, 4]), [0, 3, 1, 2])
  else:
    y = torch.avg_pool2d(x, [2, 2])
  return y

def bottleneck(x: Tensor, p: Dict[str, Tensor], block: str, statistics: int, how: Arithmetic) -> Tensor:
  # Anti-aliased: every convolution has stride 1, an average pooling does the striding, in the first block of all layers but one.
  x = torch.to(x, how.dtype)
  y = torch.relu_(conv_norm(x, p, block, 1, 1, 0, statistics, how))
  y = torch.relu_(conv_norm(y, p, block, 2, 1, 1, statistics, how))
  shortcut = x
  if torch.endswith(block, ".0") and block != "visual.layer1.0":
    y = halve(y)
    shortcut = halve(shortcut)
  y = conv_norm(y, p, block, 3, 1, 0, statistics, how)
  if torch.__contains__(p, block + ".downsample.0.weight"):
    shortcut = conv(shortcut, p[block + ".downsample.0.weight"], 1, 0, how)
    shortcut = batch_norm(shortcut, p, block + ".downsample.1", statistics)
  return torch.relu_(torch.add_(y, shortcut))

def attention_pool(x: Tensor, p: Dict[str, Tensor], name: str, heads: int, how: Arithmetic) -> Tensor:
  # The mean of all positions asks, mean and positions answer. x: (B, C, H, W) -> (B, E)
  x = torch.transpose(torch.flatten(x, 2), 1, 2)
  x = torch.cat([torch.mean(x, [1], True), x], 1)
  x = torch.add(x, p[name + ".positional_embedding"])
  weights = [p[name + ".q_proj.weight"], p[name + ".k_proj.weight"], p[name + ".v_proj.weight"]]
  biases = [p[name + ".q_proj.bias"], p[name + ".k_proj.bias"], p[name + ".v_proj.bias"]]
  y = attend_once(torch.select(x, 1, 0), x, weights, biases, heads, None, how)
  return linear(y, p[name + ".c_proj.weight"], p[name + ".c_proj.bias"], how)

def bottlenecks(p: Dict[str, Tensor]) -> List[str]:
  names = annotate(List[str], [])
  for layer in range(1, 5):
    i = 0
    while torch.__contains__(p, torch.format("visual.layer{}.{}.conv1.weight", layer, i)):
      _0 = torch.append(names, torch.format("visual.layer{}.{}", layer, i))
      i = torch.add(i, 1)
  return names

def resnet_stem(x: Tensor, p: Dict[str, Tensor], statistics: int, how: Arithmetic) -> Tensor:
  # (B, 3, S, S) -> (B, C, S/4, S/4)
  x = torch.relu_(conv_norm(x, p, "visual", 1, 2, 1, statistics, how))
  x = torch.relu_(conv_norm(x, p, "visual", 2, 1, 1, statistics, how))
  x = torch.relu_(conv_norm(x, p, "visual", 3, 1, 1, statistics, how))
  return halve(x)


# ---- VisionTransformer ----------------------------------------------------------------------------------------------

def vit_stem(x: Tensor, p: Dict[str, Tensor], how: Arithmetic) -> Tensor:
  # (B, 3, S, S) -> (B, L, D). The convolution of patches that do not overlap, as a product: G x G patches of P x P pixels.
  kernel = p["visual.conv1.weight"]  # (D, 3, P, P)
  P = kernel.size(-1)
  G = torch.floordiv(x.size(-1), P)
  x = torch.slice(torch.slice(torch.permute(torch.to(x, how.dtype), [0, 2, 3, 1]), 1, 0, torch.mul(G, P)), 2, 0, torch.mul(G, P))
  x = torch.permute(torch.view(x, [x.size(0), G, P, G, P, x.size(-1)]), [0, 1, 3, 2, 4, 5])
  x = torch.reshape(x, [x.size(0), torch.mul(G, G), -1])  # (B, L - 1, P P 3)
  x = torch.to(linear(x, torch.flatten(torch.permute(kernel, [0, 2, 3, 1]), 1), None, how), 6)
  class_token = torch.expand(torch.view(p["visual.class_embedding"], [1, 1, -1]), [x.size(0), -1, -1])
  x = torch.add(torch.cat([class_token, x], 1), p["visual.positional_embedding"])
  return layer_norm(x, p, "visual.ln_pre")

def vit_head(x: Tensor, p: Dict[str, Tensor], heads: int, how: Arithmetic) -> Tensor:
  # (B, L, D) -> (B, E), read at the class token
  x = last_block(x, torch.select(x, 1, 0), None, p, "visual.transformer", heads, how)
  x = layer_norm(x, p, "visual.ln_post")
  return linear(x, torch.t(p["visual.proj"]), None, how)


# ---- towers: a stem, blocks, a head ---------------------------------------------------------------------------------

def pixels_to_float(images: Tensor, mean: Tensor, std: Tensor) -> Tensor:
  # uint8 (B, S, S, 3) as the loader fills it -> normalised float32 (B, 3, S, S), channels last in memory.
  # Anything else is taken to be normalised already.
  x = images
  if torch.eq(images.dtype, 0):
    x = torch.sub(torch.div(torch.to(images, 6), 255.), torch.to(mean, images.device))
    x = torch.div(x, torch.to(std, images.device))
    x = torch.permute(x, [0, 3, 1, 2])
  return x

def is_vit(p: Dict[str, Tensor]) -> bool:
  return torch.__contains__(p, "visual.proj")

def image_stem(images: Tensor, p: Dict[str, Tensor], statistics: int, how: Arithmetic, mean: Tensor, std: Tensor) -> Tensor:
  x = pixels_to_float(images, mean, std)
  if is_vit(p):
    y = vit_stem(x, p, how)
  else:
    y = resnet_stem(x, p, statistics, how)
  return y

def image_blocks(p: Dict[str, Tensor]) -> List[str]:
  if is_vit(p):
    names = torch.slice(resblocks(p, "visual.transformer"), 0, -1)  # the last belongs to the head
  else:
    names = bottlenecks(p)
  return names

def image_head(x: Tensor, p: Dict[str, Tensor], heads: int, how: Arithmetic) -> Tensor:
  if is_vit(p):
    y = vit_head(x, p, heads, how)
  else:
    y = attention_pool(torch.to(x, 6), p, "visual.attnpool", heads, how)
  return torch.to(y, 6)

def text_stem(tokens: Tensor, p: Dict[str, Tensor]) -> Tensor:
  # (B, L) -> (B, L, D)
  x = torch.embedding(p["token_embedding.weight"], tokens)
  return torch.add(x, torch.slice(p["positional_embedding"], 0, 0, tokens.size(1)))

def text_blocks(p: Dict[str, Tensor]) -> List[str]:
  return torch.slice(resblocks(p, "transformer"), 0, -1)  # the last belongs to the head

def text_head(x: Tensor, tokens: Tensor, p: Dict[str, Tensor], heads: int, how: Arithmetic) -> Tensor:
  # (B, L, D) -> (B, E), read at the largest id: the end mark
  at = torch.argmax(tokens, -1)
  read = torch.index(x, annotate(List[Optional[Tensor]], [torch.arange(x.size(0), dtype=4, device=x.device), at]))
  behind = torch.gt(torch.arange(x.size(1), dtype=4, device=x.device), torch.unsqueeze(at, 1))
  x = last_block(x, read, behind, p, "transformer", heads, how)
  x = layer_norm(x, p, "ln_final")
  return torch.to(linear(x, torch.t(p["text_projection"]), None, how), 6)

def block(x: Tensor, p: Dict[str, Tensor], name: str, heads: int, causal: bool, statistics: int, how: Arithmetic) -> Tensor:
  if torch.__contains__(p, name + ".ln_1.weight"):
    y = residual_attention_block(x, p, name, heads, causal, how)
  else:
    y = bottleneck(x, p, name, statistics, how)
  return y

def blocks(x: Tensor, p: Dict[str, Tensor], names: List[str], heads: int, causal: bool, statistics: int, how: Arithmetic) -> Tensor:
  for i in range(torch.len(names)):
    x = block(x, p, names[i], heads, causal, statistics, how)
  return x

def image_features(images: Tensor, p: Dict[str, Tensor], heads: int, statistics: int, how: Arithmetic, mean: Tensor, std: Tensor) -> Tensor:
  x = image_stem(images, p, statistics, how, mean, std)
  x = blocks(x, p, image_blocks(p), heads, False, statistics, how)
  return image_head(x, p, heads, how)

def text_features(tokens: Tensor, p: Dict[str, Tensor], heads: int, how: Arithmetic) -> Tensor:
  # The feature is read at the largest id: the end mark. Attention is causal, so columns behind every row's end mark may be
  # left out without changing the result.
  x = blocks(text_stem(tokens, p), p, text_blocks(p), heads, True, 0, how)
  return text_head(x, tokens, p, heads, how)


# ---- gradient checkpointing: keep what goes into each block, and compute the block again for its gradient -------------

def checkpoints(x: Tensor, p: Dict[str, Tensor], names: List[str], heads: int, causal: bool, statistics: int, how: Arithmetic) -> List[Tensor]:
  # What goes into each block, and what comes out of the last; in float32, as which alone tensors may be seen from outside
  kept = [torch.to(x, 6)]
  for i in range(torch.len(names)):
    x = block(x, p, names[i], heads, causal, statistics, how)
    _0 = torch.append(kept, torch.to(x, 6))
  return kept

def leaf(x: Tensor) -> Tensor:
  # The beginning of a new graph
  return torch.requires_grad_(torch.detach(x))

def propagate(y: Tensor, gradient: Tensor, x: Tensor) -> Tensor:
  # Adds to the gradients of the parameters between the leaf x and y; -> the gradient of x
  torch.backward([y], annotate(List[Optional[Tensor]], [gradient]))
  return unchecked_cast(Tensor, ops.prim.grad(x))

def blocks_backward(kept: List[Tensor], gradient: Tensor, p: Dict[str, Tensor], names: List[str], heads: int, causal: bool, how: Arithmetic) -> Tensor:
  # Last to first. Statistics: the batch's, which the running ones have seen.
  i = torch.len(names)
  while i > 0:
    i = torch.sub(i, 1)
    x = leaf(kept[i])
    gradient = propagate(block(x, p, names[i], heads, causal, 2, how), gradient, x)
  return gradient


# ---- prepared weights: rounded and scaled once a step instead of at each use ------------------------------------------
# That is hundreds of small kernels less, for each of which a GPU waits. Copies of the weights take part in the graph; from there their
# gradients are collected into those of the weights, in float32, backpropagation by backpropagation: the same bits.

def like(tensors: List[Tensor], dtype: int) -> List[Tensor]:
  fresh = annotate(List[Tensor], [])
  for i in range(torch.len(tensors)):
    _0 = torch.append(fresh, torch.empty_like(tensors[i], dtype=dtype))
  return fresh

def has_gradient(x: Tensor) -> bool:
  # The compiler takes a gradient for a tensor that is always there; this asks at run time.
  return ops.prim.AutogradAnyNonZero(ops.prim.grad(x))

def with_gradient(tensors: List[Tensor], there: bool) -> List[int]:
  # Positions of those that have one, or of those that have none
  found = annotate(List[int], [])
  for i in range(torch.len(tensors)):
    if has_gradient(tensors[i]) == there:
      _0 = torch.append(found, i)
  return found

def gradients_of(tensors: List[Tensor], positions: List[int]) -> List[Tensor]:
  # Those there are. (A function of its own: the compiler, which does not follow what is written to the elements of a list, would remove
  # that if it saw where the list comes from.)
  found = annotate(List[Tensor], [])
  for i in range(torch.len(positions)):
    if has_gradient(tensors[positions[i]]):
      _0 = torch.append(found, unchecked_cast(Tensor, ops.prim.grad(tensors[positions[i]])))
  return found

class Copies(nn.Module):
  names : List[str]
  suffix : str  # what the copies are called beyond the names
  scaled : bool  # times quick_gelu's factor
  dtype : int
  trainable : bool
  weights : List[Tensor]
  copies : List[Tensor]
  leaves : List[Tensor]  # the copies as they take part in the graph

  # Copies the weights as they are now
  def make(self, p: Dict[str, Tensor]) -> NoneType:
    if torch.len(self.names) > 0:
      if torch.len(self.weights) == 0:
        weights = annotate(List[Tensor], [])
        for i in range(torch.len(self.names)):
          _0 = torch.append(weights, p[self.names[i]])
        self.weights = weights
        self.copies = like(self.weights, self.dtype)
      values = annotate(List[Tensor], [])
      for i in range(torch.len(self.weights)):
        _1 = torch.append(values, torch.detach(self.weights[i]))
      if self.scaled:
        values = torch._foreach_mul(values, quick_gelu_factor())
      _2 = torch._foreach_copy_(self.copies, values)
      self.enter(p)
    return None

  # Puts the copies into p, without gradients
  def enter(self, p: Dict[str, Tensor]) -> NoneType:
    leaves = annotate(List[Tensor], [])
    for i in range(torch.len(self.names)):
      leaf = torch.requires_grad_(torch.detach(self.copies[i]), self.trainable)
      _0 = torch.append(leaves, leaf)
      p[self.names[i] + self.suffix] = leaf
    self.leaves = leaves
    return None

  # Gradient of weight += factor x gradient of copy, or = if it is the first since the weights changed
  def collect_gradients(self, p: Dict[str, Tensor], first: bool) -> NoneType:
    there = with_gradient(self.leaves, True)
    if first and torch.len(there) < torch.len(self.leaves):
      idle = gradients_of(self.weights, with_gradient(self.leaves, False))
      if torch.len(idle) > 0:
        _0 = torch._foreach_zero_(idle)
    if torch.len(there) > 0:
      self.make_gradients(there)
      into = gradients_of(self.weights, there)
      sums = into
      if not first:
        sums = like(into, 6)
      _1 = torch._foreach_copy_(sums, gradients_of(self.leaves, there))
      if self.scaled:
        _2 = torch._foreach_mul_(sums, quick_gelu_factor())
      if not first:
        _3 = torch._foreach_add_(into, sums)
      self.enter(p)
    return None

  # Zeros for weights that have never had a gradient
  def make_gradients(self, positions: List[int]) -> NoneType:
    for i in range(torch.len(positions)):
      weight = self.weights[positions[i]]
      if not has_gradient(weight):
        torch.backward([weight], annotate(List[Optional[Tensor]], [torch.zeros_like(weight)]))
    return None

class Weights(nn.Module):
  p : Dict[str, Tensor]  # everything by name, and the copies: in the place of weights, or beside them
  rounded : Copies
  scaled_norms : Copies
  scaled_biases : Copies
  collected : bool  # whether gradients were, since the weights changed

  def put(self, changed: Dict[str, Tensor]) -> NoneType:
    if torch.len(self.p) == 0:
      self.p = torch.copy(changed)
    else:
      torch.update(self.p, changed)
    self.rounded.make(self.p)
    self.scaled_norms.make(self.p)
    self.scaled_biases.make(self.p)
    self.collected = False
    return None

  def collect_gradients(self) -> NoneType:
    first = not self.collected
    self.rounded.collect_gradients(self.p, first)
    self.scaled_norms.collect_gradients(self.p, first)
    self.scaled_biases.collect_gradients(self.p, first)
    self.collected = True
    return None


# ---- entry points ---------------------------------------------------------------------------------------------------

class Clip(nn.Module):
  vision_heads : int
  text_heads : int
  dtype : int
  convolve_linear : bool
  mean : Tensor
  std : Tensor
  weights : Weights

  def how(self) -> Arithmetic:
    return Arithmetic(self.dtype, self.convolve_linear)

  # To be called first, and whenever weights have changed: with all of them, then with those that are other tensors now
  def put_weights(self, p: Dict[str, Tensor]) -> List[Tensor]:
    self.weights.put(p)
    return []

  # To be called after each backpropagation
  def collect_gradients(self) -> List[Tensor]:
    self.weights.collect_gradients()
    return []

  # (B, S, S, 3) uint8 or (B, 3, S, S) float32 -> (B, E), not normalised; batch normalisation by its running statistics
  def encode_image(self, images: Tensor) -> Tensor:
    return image_features(images, self.weights.p, self.vision_heads, 0, self.how(), self.mean, self.std)

  # The same, batch normalisation by the batch's own statistics, which the running ones remember
  def encode_image_train(self, images: Tensor) -> Tensor:
    return image_features(images, self.weights.p, self.vision_heads, 1, self.how(), self.mean, self.std)

  # The same, leaving the running statistics alone: for a batch that is computed twice
  def encode_image_again(self, images: Tensor) -> Tensor:
    return image_features(images, self.weights.p, self.vision_heads, 2, self.how(), self.mean, self.std)

  # (B, L) int token ids -> (B, E), not normalised
  def encode_text(self, tokens: Tensor) -> Tensor:
    return text_features(tokens, self.weights.p, self.text_heads, self.how())

  # [images] -> checkpoints, and the features; computed as encode_image_train does, without a graph
  def image_checkpoints(self, inputs: List[Tensor]) -> List[Tensor]:
    p = self.weights.p
    torch.set_grad_enabled(False)
    x = image_stem(inputs[0], p, 1, self.how(), self.mean, self.std)
    kept = checkpoints(x, p, image_blocks(p), self.vision_heads, False, 1, self.how())
    _0 = torch.append(kept, image_head(kept[-1], p, self.vision_heads, self.how()))
    torch.set_grad_enabled(True)
    return kept

  # [images, checkpoints, gradient of the features] -> []; adds to the gradients of the image tower
  def image_backward(self, inputs: List[Tensor]) -> List[Tensor]:
    p = self.weights.p
    names = image_blocks(p)
    x = leaf(inputs[-2])
    gradient = propagate(image_head(x, p, self.vision_heads, self.how()), inputs[-1], x)
    gradient = blocks_backward(torch.slice(inputs, 1), gradient, p, names, self.vision_heads, False, self.how())
    y = image_stem(inputs[0], p, 2, self.how(), self.mean, self.std)
    torch.backward([y], annotate(List[Optional[Tensor]], [gradient]))
    return annotate(List[Tensor], [])

  # [tokens] -> checkpoints, and the features
  def text_checkpoints(self, inputs: List[Tensor]) -> List[Tensor]:
    p = self.weights.p
    torch.set_grad_enabled(False)
    x = text_stem(inputs[0], p)
    kept = checkpoints(x, p, text_blocks(p), self.text_heads, True, 0, self.how())
    _0 = torch.append(kept, text_head(kept[-1], inputs[0], p, self.text_heads, self.how()))
    torch.set_grad_enabled(True)
    return kept

  # [tokens, checkpoints, gradient of the features] -> []; adds to the gradients of the text tower
  def text_backward(self, inputs: List[Tensor]) -> List[Tensor]:
    p = self.weights.p
    names = text_blocks(p)
    x = leaf(inputs[-2])
    gradient = propagate(text_head(x, inputs[0], p, self.text_heads, self.how()), inputs[-1], x)
    gradient = blocks_backward(torch.slice(inputs, 1), gradient, p, names, self.text_heads, True, self.how())
    torch.backward([text_stem(inputs[0], p)], annotate(List[Optional[Tensor]], [gradient]))
    return annotate(List[Tensor], [])
