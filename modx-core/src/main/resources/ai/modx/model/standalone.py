# CLIP with its weights inside, for programs outside of this toolkit. Stands behind clip.torchscript.py, whose functions it calls,
# and behind the classes of the modules that hold the weights: one for each dotted name in OpenAI's state_dict. So this archive's
# state_dict is OpenAI's too, descriptions of the model included.

class StandaloneClip(nn.Module):
  __parameters__ = ["positional_embedding", "text_projection", "logit_scale", ]
  __buffers__ = ["input_resolution", "context_length", "vocab_size", ]
  positional_embedding : Tensor
  text_projection : Tensor
  logit_scale : Tensor
  input_resolution : Tensor
  context_length : Tensor
  vocab_size : Tensor
  vision_heads : int
  text_heads : int
  mean : Tensor
  std : Tensor
  visual : weights_visual
  transformer : weights_transformer
  token_embedding : weights_token_embedding
  ln_final : weights_ln_final

  # (B, S, S, 3) uint8, or (B, 3, S, S) float32 normalised by mean and std -> (B, E), not normalised
  def encode_image(self, image: Tensor) -> Tensor:
    return image_features(image, self.weights(), self.vision_heads, 0, Arithmetic(6, False), self.mean, self.std)

  # (B, L) int token ids, L at most the context length -> (B, E), not normalised
  def encode_text(self, text: Tensor) -> Tensor:
    return text_features(text, self.weights(), self.text_heads, Arithmetic(6, False))

  # Cosines times the learned scale: (N, M) of N images, and (M, N) of M texts
  def forward(self, image: Tensor, text: Tensor) -> Tuple[Tensor, Tensor]:
    images = self.encode_image(image)
    texts = self.encode_text(text)
    images = torch.div(images, torch.linalg_vector_norm(images, 2, [1], True))
    texts = torch.div(texts, torch.linalg_vector_norm(texts, 2, [1], True))
    per_image = torch.matmul(torch.mul(torch.exp(self.logit_scale), images), torch.t(texts))
    return (per_image, torch.t(per_image))

  def weights(self) -> Dict[str, Tensor]:
    p = annotate(Dict[str, Tensor], {})
    p["positional_embedding"] = self.positional_embedding
    p["text_projection"] = self.text_projection
    p["logit_scale"] = self.logit_scale
    self.visual.collect(p)
    self.transformer.collect(p)
    self.token_embedding.collect(p)
    self.ln_final.collect(p)
    return p
