package ai.modx.train;

import ai.djl.ndarray.NDManager;
import ai.modx.data.Batch;
import ai.modx.loss.ContrastiveLoss;
import ai.modx.parallel.BatchLoss;
import ai.modx.parallel.FeatureLoss;

/** Plain CLIP training: joint training, and continual fine-tuning without any care for the old model. */
public final class ContrastiveMethod implements TrainingMethod {

    private final ContrastiveLoss loss;

    /** @param manager on the device of the loss */
    public ContrastiveMethod(NDManager manager) {
        loss = new ContrastiveLoss(manager);
    }

    @Override
    public FeatureLoss loss(Batch batch) {
        return (student, logitScale) -> BatchLoss.of(loss.of(student.image(), student.text(), logitScale));
    }

    @Override
    public void close() {
        loss.close();
    }
}
