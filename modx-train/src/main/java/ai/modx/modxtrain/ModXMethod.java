package ai.modx.modxtrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.modx.data.Batch;
import ai.modx.loss.ContrastiveLoss;
import ai.modx.loss.CosineSimilarity;
import ai.modx.model.Features;
import ai.modx.parallel.BatchLoss;
import ai.modx.parallel.FeatureLoss;
import ai.modx.torch.NativeScope;
import ai.modx.train.TrainingMethod;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Mod-X (Ni et al., ICML 2023, equation 5): the contrastive loss, and alpha times the {@link SpatialAlignment} with the
 * model of the phase before.
 */
final class ModXMethod implements TrainingMethod {

    private final Teacher teacher;
    private final double alpha;
    private final SpatialAlignment.Reduction reduction;

    ModXMethod(Teacher teacher, double alpha, SpatialAlignment.Reduction reduction) {
        this.teacher = teacher;
        this.alpha = alpha;
        this.reduction = reduction;
    }

    @Override
    public FeatureLoss loss(Batch batch) {
        NDArray old;
        try (NativeScope scope = NativeScope.withoutGradients()) {
            old = NativeScope.keep(teacher.cosines(batch));
        }
        return (student, logitScale) -> loss(student, logitScale, NativeScope.adopt(old));
    }

    private BatchLoss loss(Features student, NDArray logitScale, NDArray old) {
        NDArray cosines = CosineSimilarity.matrix(
                CosineSimilarity.normalize(student.image()), CosineSimilarity.normalize(student.text()));
        NDArray train = ContrastiveLoss.of(cosines, logitScale);
        SpatialAlignment.Loss alignment = SpatialAlignment.of(cosines, old, reduction);
        NDArray weight = cosines.getManager().full(new Shape(), (float) alpha); // not a number: see ContrastiveLoss
        Map<String, NDArray> parts = new LinkedHashMap<>();
        parts.put("loss_train", train);
        parts.put("loss_distill", alignment.distill());
        parts.put("kept_i2t", alignment.keptI2t());
        parts.put("kept_t2i", alignment.keptT2i());
        return new BatchLoss(train.add(alignment.distill().mul(weight)), parts);
    }

    @Override
    public void close() {
        teacher.close();
    }
}
