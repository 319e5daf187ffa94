package ai.modx.loss;

import static ai.modx.model.TensorAssert.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.modx.torch.NativeScope;
import ai.modx.torch.TensorCopy;
import ai.modx.torch.TorchEngine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContrastiveLossTest {

    private static final float[][] IMAGES = {{3, 4, 0}, {1, 0, -1}, {0, 2, 1}, {2, -1, 2}};
    private static final float[][] TEXTS = {{1, 2, 0}, {2, 0, 1}, {0, 1, 0}, {1, 1, 1}};
    private static final float LOGIT_SCALE = 1.5f;

    private record Result(float loss, float[] images, float[] texts, float logitScale) {}

    /** Expected: {@code ClipLoss} of open_clip 3.3.0 on torch 2.13, of {@code F.normalize(x, dim=1)} and {@code logit_scale.exp()}. */
    @Test
    void computesTheLossAndGradientsOfOpenClip() {
        Result result = results(1).get(0);
        assertThat(result.loss).isCloseTo(1.2166850566864014f, within(1e-6f));
        assertClose("images", result.images, new float[] {0.00182356f, -0.00136767f, 0.05433465f, -0.34579888f, 0.22240275f, -0.34579888f,
            0.16928606f, -0.04333254f, 0.08666509f, 0.02901155f, -0.14634874f, -0.10218592f}, 1e-6);
        assertClose("texts", result.texts, new float[] {-0.02007570f, 0.01003785f, -0.00859170f, -0.21131152f, -0.07355290f, 0.42262307f,
            0.24898234f, 0.00000000f, -0.28281426f, -0.21648672f, 0.52066469f, -0.30417800f}, 1e-6);
        assertThat(result.logitScale).isCloseTo(0.28209379f, within(1e-6f));
    }

    /** A continued run loads the program anew where the first one had called it many times; what it computes must be the same bits. */
    @Test
    void theFirstCallAndLaterOnesGiveTheSameBits() {
        List<Result> results = results(6);
        assertThat(results).usingRecursiveFieldByFieldElementComparator().containsOnly(results.get(0));
        assertThat(results(1)).usingRecursiveFieldByFieldElementComparator().containsExactly(results.get(0));
    }

    private static List<Result> results(int calls) {
        List<Result> results = new ArrayList<>();
        try (NDManager manager = TorchEngine.manager(Device.cpu()); ContrastiveLoss loss = new ContrastiveLoss(manager)) {
            for (int i = 0; i < calls; i++) {
                try (NativeScope scope = NativeScope.withGradients()) {
                    NDArray images = leaf(manager.create(IMAGES));
                    NDArray texts = leaf(manager.create(TEXTS));
                    NDArray logitScale = leaf(manager.create(LOGIT_SCALE));
                    NDArray total = loss.of(images, texts, logitScale);
                    JniUtils.backward((PtNDArray) total, (PtNDArray) manager.create(1f), false, false);
                    results.add(new Result(values(total)[0], values(images.getGradient()), values(texts.getGradient()),
                            values(logitScale.getGradient())[0]));
                }
            }
        }
        return results;
    }

    private static NDArray leaf(NDArray array) {
        array.setRequiresGradient(true);
        return array;
    }

    private static float[] values(NDArray array) {
        return TensorCopy.toHost(array).toFloatArray();
    }
}
