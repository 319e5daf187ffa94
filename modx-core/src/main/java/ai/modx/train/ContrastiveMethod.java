package ai.modx.train;

import ai.djl.ndarray.NDArray;
import ai.modx.data.Batch;
import ai.modx.loss.ContrastiveLoss;
import ai.modx.loss.CosineSimilarity;
import ai.modx.model.Features;
import ai.modx.parallel.BatchLoss;
import ai.modx.parallel.FeatureLoss;

/** Plain CLIP training: joint training, and continual fine-tuning without any care for the old model. */
public final class ContrastiveMethod implements TrainingMethod {

    @Override
    public FeatureLoss loss(Batch batch) {
        return ContrastiveMethod::loss;
    }

    private static BatchLoss loss(Features student, NDArray logitScale) {
        NDArray cosines = CosineSimilarity.matrix(
                CosineSimilarity.normalize(student.image()), CosineSimilarity.normalize(student.text()));
        return BatchLoss.of(ContrastiveLoss.of(cosines, logitScale));
    }
}
