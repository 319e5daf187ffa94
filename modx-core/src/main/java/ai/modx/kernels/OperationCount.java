package ai.modx.kernels;

import ai.modx.model.ModelConfig;
import java.util.List;

/**
 * How many floating point operations CLIP's matrix products and convolutions take, an addition and a multiplication
 * being two.
 * Everything else is small beside them and not counted.
 *
 * @param image of one image, forward
 * @param text  of one caption, forward
 * @param stem  the part of {@code image} whose backward pass needs no gradient of its input, the pixels
 */
public record OperationCount(double image, double text, double stem) {

    /**
     * Counts a model's operations.
     *
     * @param textLength token columns that are computed
     */
    public static OperationCount of(ModelConfig model, int textLength) {
        List<Kernel> image = ClipKernels.image(model, 1);
        return new OperationCount(
                sum(image),
                sum(ClipKernels.text(model, 1, textLength)),
                image.get(0).operations());
    }

    private static double sum(List<Kernel> kernels) {
        return kernels.stream().mapToDouble(Kernel::operations).sum();
    }

    /** A training step: forward, and twice as much backward, for gradients of inputs and of weights. */
    public double step(int pairs) {
        return pairs * (3 * (image + text) - stem);
    }
}
