# CLIP with its weights inside, for programs outside of this toolkit. Beside it stand the classes of the modules that
# hold the weights: one for each dotted name in OpenAI's state_dict. So this archive's state_dict is OpenAI's too,
# descriptions of the model included.

class StandaloneClip(nn.Module):
    __parameters__ = ["positional_embedding", "text_projection", "logit_scale", ]
    __buffers__ = ["input_resolution", "context_length", "vocab_size", ]
    positional_embedding: Tensor
    text_projection: Tensor
    logit_scale: Tensor
    input_resolution: Tensor
    context_length: Tensor
    vocab_size: Tensor
    resnet: bool
    vision_heads: int
    text_heads: int
    mean: Tensor  # of pixels
    std: Tensor
    visual: weights_visual
    transformer: weights_transformer
    token_embedding: weights_token_embedding
    ln_final: weights_ln_final

    # (B, S, S, 3) uint8, or (B, 3, S, S) float32 normalised by mean and std -> (B, E), not normalised
    def encode_image(self, image: Tensor) -> Tensor:
        tower = Tower(Encoder.RESNET if self.resnet else Encoder.VIT, self.vision_heads, BatchStatistics.EVAL)
        return encode(pixels_to_float(image, self.mean, self.std), self.weights(), tower, Amp(torch.float32, False))

    # (B, L) int token ids, L at most the context length -> (B, E), not normalised
    def encode_text(self, text: Tensor) -> Tensor:
        tower = Tower(Encoder.TEXT, self.text_heads, BatchStatistics.EVAL)
        return encode(text, self.weights(), tower, Amp(torch.float32, False))

    # Cosines times the learned scale: (N, M) of N images, and (M, N) of M texts
    def forward(self, image: Tensor, text: Tensor) -> Tuple[Tensor, Tensor]:
        images = self.encode_image(image)
        texts = self.encode_text(text)
        images = images / torch.linalg_vector_norm(images, dim=1, keepdim=True)
        texts = texts / torch.linalg_vector_norm(texts, dim=1, keepdim=True)
        per_image = self.logit_scale.exp() * images @ texts.t()
        return per_image, per_image.t()

    def weights(self) -> Dict[str, Tensor]:
        p = {"positional_embedding": self.positional_embedding, "text_projection": self.text_projection,
             "logit_scale": self.logit_scale}
        self.visual.collect(p)
        self.transformer.collect(p)
        self.token_embedding.collect(p)
        self.ln_final.collect(p)
        return p
