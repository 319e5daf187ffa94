package ai.modx.modxtrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.modx.data.Batch;
import ai.modx.loss.ContrastiveLoss;
import ai.modx.model.Features;
import ai.modx.parallel.BatchLoss;
import ai.modx.parallel.FeatureLoss;
import ai.modx.torch.NativeScope;
import ai.modx.torch.ScriptSource;
import ai.modx.torch.TorchProgram;
import ai.modx.train.TrainingMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Mod-X (Ni et al., ICML 2023): CLIP's loss, and alpha times the divergence from the model of the phase before.
 * {@code modx_loss.py} says what that is.
 */
final class ModXMethod implements TrainingMethod {

    static final ScriptSource SOURCE = ContrastiveLoss.SOURCE.and(ModXMethod.class, "modx_loss.py");

    /** How rows are put together. */
    enum Reduction {
        /** As released: grows with the batch. */
        SUM,
        /** Divided by the number of rows of the batch, kept or not. */
        MEAN
    }

    /** What is reported beside the loss, in the program's order. */
    private static final List<String> PARTS = List.of("loss_train", "loss_distill", "kept_i2t", "kept_t2i");

    private final TorchProgram program;
    private final Teacher teacher;

    /**
     * @param manager on the device of the loss
     * @param teacher closed with this method
     */
    ModXMethod(NDManager manager, Teacher teacher, double alpha, Reduction reduction) {
        program = TorchProgram.load(manager, SOURCE, "ModXLoss", Map.of("alpha", alpha, "mean", reduction == Reduction.MEAN));
        this.teacher = teacher;
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
        List<NDArray> losses = program.callForList("loss", student.image(), student.text(), logitScale, old);
        Map<String, NDArray> parts = new LinkedHashMap<>();
        for (int i = 0; i < PARTS.size(); i++) {
            parts.put(PARTS.get(i), losses.get(i + 1));
        }
        return new BatchLoss(losses.get(0), parts);
    }

    @Override
    public void close() {
        program.close();
        teacher.close();
    }
}
