package ai.modx.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.modx.torch.ScriptSource;
import ai.modx.torch.TorchProgram;
import java.util.Map;

/** CLIP's loss, on one device: {@code clip_loss.py} says what it is. Not thread safe. */
public final class ContrastiveLoss implements AutoCloseable {

    /** Has {@code cosine_similarity} and {@code clip_loss}, for losses that are more. */
    public static final ScriptSource SOURCE = ScriptSource.of(ContrastiveLoss.class, "clip_loss.py");

    private final TorchProgram program;

    /** @param parent on the device of the features */
    public ContrastiveLoss(NDManager parent) {
        program = TorchProgram.load(parent, SOURCE, "ContrastiveLoss", Map.of());
    }

    /**
     * The loss of a batch.
     *
     * @param images     (B, E), not normalised
     * @param texts      (B, E), row i belonging to row i of images
     * @param logitScale the learned logarithm of the inverse temperature, a scalar
     * @return a scalar
     */
    public NDArray of(NDArray images, NDArray texts, NDArray logitScale) {
        return program.call("loss", images, texts, logitScale);
    }

    @Override
    public void close() {
        program.close();
    }
}
