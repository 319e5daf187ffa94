# What Java calls. Images: (B, S, S, 3) uint8, or normalised (B, 3, S, S) float32; tokens: (B, L) int;
# features: (B, E) float32, not normalised. Whoever has nothing to return returns an empty list: TorchProgram says why.

class Clip(nn.Module):
    resnet: bool
    vision_heads: int
    text_heads: int
    dtype: torch.dtype
    convolve_linear: bool
    mean: Tensor  # of pixels
    std: Tensor
    weights: ComputeWeights

    def amp(self) -> Amp:
        return Amp(self.dtype, self.convolve_linear)

    def pixels(self, images: Tensor) -> Tensor:
        return pixels_to_float(images, self.mean, self.std)

    def image_tower(self, statistics: BatchStatistics) -> Tower:
        return Tower(Encoder.RESNET if self.resnet else Encoder.VIT, self.vision_heads, statistics)

    def text_tower(self) -> Tower:
        return Tower(Encoder.TEXT, self.text_heads, BatchStatistics.EVAL)

    # To be called first, with all weights, and whenever they have changed, with those that are other tensors now
    def update_weights(self, p: Dict[str, Tensor]) -> List[Tensor]:
        self.weights.update(p)
        return []

    # To be called after each backpropagation
    def accumulate_grads(self) -> List[Tensor]:
        self.weights.accumulate_grads()
        return []

    def encode_image(self, images: Tensor) -> Tensor:
        return encode(self.pixels(images), self.weights.p, self.image_tower(BatchStatistics.EVAL), self.amp())

    def encode_image_train(self, images: Tensor) -> Tensor:
        return encode(self.pixels(images), self.weights.p, self.image_tower(BatchStatistics.TRAIN), self.amp())

    def encode_image_train_no_update(self, images: Tensor) -> Tensor:
        tower = self.image_tower(BatchStatistics.TRAIN_NO_UPDATE)
        return encode(self.pixels(images), self.weights.p, tower, self.amp())

    def encode_text(self, tokens: Tensor) -> Tensor:
        return encode(tokens, self.weights.p, self.text_tower(), self.amp())

    # -> checkpoints, and the features; computed as encode_image_train does, without a graph
    def image_checkpoints(self, images: Tensor) -> List[Tensor]:
        return checkpoints(self.pixels(images), self.weights.p, self.image_tower(BatchStatistics.TRAIN), self.amp())

    # Adds to the gradients of the image tower. grad: of the features
    def image_backward(self, images: Tensor, kept: List[Tensor], grad: Tensor) -> List[Tensor]:
        tower = self.image_tower(BatchStatistics.TRAIN_NO_UPDATE)
        backward(self.pixels(images), kept, grad, self.weights.p, tower, self.amp())
        return []

    # -> checkpoints, and the features
    def text_checkpoints(self, tokens: Tensor) -> List[Tensor]:
        return checkpoints(tokens, self.weights.p, self.text_tower(), self.amp())

    # Adds to the gradients of the text tower. grad: of the features
    def text_backward(self, tokens: Tensor, kept: List[Tensor], grad: Tensor) -> List[Tensor]:
        backward(tokens, kept, grad, self.weights.p, self.text_tower(), self.amp())
        return []
