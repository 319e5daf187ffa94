# CLIP's symmetric InfoNCE (Radford et al. 2021, figure 3). B pairs, E features.

def normalize(features: Tensor) -> Tensor:
    # Rows scaled to Euclidean length 1
    return features / torch.linalg_vector_norm(features, dim=1, keepdim=True)


def cosine_similarity(images: Tensor, texts: Tensor) -> Tensor:
    # (B, E) each -> (B, B), images in rows, texts in columns, pairs on the diagonal
    return normalize(images) @ normalize(texts).t()


def clip_loss(cosines: Tensor, logit_scale: Tensor) -> Tensor:
    # Every image should pick its own text out of the batch, and every text its image: the mean of both cross-entropies.
    logits = logit_scale.exp() * cosines
    pairs = torch.arange(logits.size(0), device=logits.device)
    return (torch.cross_entropy_loss(logits, pairs) + torch.cross_entropy_loss(logits.t(), pairs)) / 2


class ContrastiveLoss(nn.Module):

    def loss(self, images: Tensor, texts: Tensor, logit_scale: Tensor) -> Tensor:
        return clip_loss(cosine_similarity(images, texts), logit_scale)
