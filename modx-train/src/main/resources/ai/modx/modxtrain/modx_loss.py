# Mod-X (Ni et al. 2023, "Continual Vision-Language Representation Learning with Off-Diagonal Information", section
# 4.3, as released): beside CLIP's loss, how far the student's similarity distributions have moved from the teacher's,
# over the rows that the teacher gets right.
#
# With S the cosines of the student and S' those of the teacher, images in rows:
#
#   kept rows  K  = {i : argmax_j S'_ij = i}, the first of equal maxima    (equation 3)
#   KL_i2t        = sum over i in K, j of  P_ij (log P_ij - log Q_ij),  P = softmax_row(S'),  Q = softmax_row(S)
#   KL_t2i        = the same of the transposed matrices, with kept rows of their own
#   L_distill     = (KL_i2t + KL_t2i) / 2    (equation 4)
#   L             = L_train + alpha L_distill    (equation 5)
#
# There is no temperature, and whole rows are compared, the diagonal included. The original replaces the rows that are
# not kept by the student's own, where value and gradient are exactly zero; leaving them out is the same.

def kept_rows(teacher: Tensor) -> Tensor:
    # (B, B) -> (B): 1 for each row that is kept, else 0
    return (teacher.argmax(dim=1) == torch.arange(teacher.size(0), device=teacher.device)).float()


def kl_divergence(student: Tensor, teacher: Tensor, kept: Tensor) -> Tensor:
    # (B, B), (B, B), (B) -> a scalar, the sum over kept rows
    log_p = teacher.log_softmax(dim=1)
    log_q = student.log_softmax(dim=1)
    return (kept * (log_p.exp() * (log_p - log_q)).sum(dim=1)).sum()


class ModXLoss(nn.Module):
    alpha: float
    mean: bool  # L_distill is divided by the rows of the batch, kept or not; as released it is not, and grows with them

    # Features (B, E) of the student, and the teacher's cosines (B, B) of the same pairs
    # -> [L, L_train, L_distill, number of image rows that are kept, number of text rows]
    def loss(self, images: Tensor, texts: Tensor, logit_scale: Tensor, teacher: Tensor) -> List[Tensor]:
        student = cosine_similarity(images, texts)
        kept_i2t = kept_rows(teacher)
        kept_t2i = kept_rows(teacher.t())
        distill = (kl_divergence(student, teacher, kept_i2t) + kl_divergence(student.t(), teacher.t(), kept_t2i)) / 2
        if self.mean:
            distill = distill / teacher.size(0)
        train = clip_loss(student, logit_scale)
        return [train + self.alpha * distill, train, distill, kept_i2t.sum(), kept_t2i.sum()]
