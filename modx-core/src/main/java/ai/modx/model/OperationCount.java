package ai.modx.model;

import java.util.List;

/**
 * How many floating point operations CLIP's matrix products and convolutions take, an addition and a multiplication being two.
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
        double text = transformer(model.transformerLayers(), model.transformerWidth(), model.transformerHeads(), textLength)
                + product(1, model.transformerWidth(), model.embedDim());
        return model.isResNet() ? resNet(model, text) : visionTransformer(model, text);
    }

    /** A training step: forward, and twice as much backward, for gradients of inputs and of weights. */
    public double step(int pairs) {
        return pairs * (3 * (image + text) - stem);
    }

    private static OperationCount visionTransformer(ModelConfig model, double text) {
        int patches = model.visionGrid() * model.visionGrid();
        double stem = product(patches, 3L * model.visionPatchSize() * model.visionPatchSize(), model.visionWidth());
        double image = stem + transformer(model.visionLayers().get(0), model.visionWidth(), model.visionHeads(), patches + 1)
                + product(1, model.visionWidth(), model.embedDim());
        return new OperationCount(image, text, stem);
    }

    private static OperationCount resNet(ModelConfig model, double text) {
        int width = model.visionWidth();
        int half = width / 2;
        int side = model.imageResolution() / 2;
        double stem = convolution(side, 3, 3, half);
        double image = stem + convolution(side, 3, half, half) + convolution(side, 3, half, width);
        side /= 2;
        int channels = width;
        List<Integer> stages = model.visionLayers();
        for (int stage = 0; stage < stages.size(); stage++) {
            int planes = width << stage;
            for (int block = 0; block < stages.get(stage); block++) {
                boolean strides = block == 0 && stage > 0;
                image += convolution(side, 1, channels, planes) + convolution(side, 3, planes, planes);
                side = strides ? side / 2 : side; // pooled after the second convolution
                image += convolution(side, 1, planes, 4 * planes);
                image += block == 0 ? convolution(side, 1, channels, 4 * planes) : 0;
                channels = 4 * planes;
            }
        }
        image += attentionOfOne(channels, model.visionHeads(), side * side + 1) + product(1, channels, model.embedDim());
        return new OperationCount(image, text, stem);
    }

    /** Per layer: queries, keys, values and output, 4 D x D; two layers of 4 D; scores and their use. Of the last, at one position. */
    private static double transformer(int layers, long width, long heads, long tokens) {
        return (layers - 1) * (product(tokens, width, 12 * width) + 2 * product(tokens, width, tokens))
                + attentionOfOne(width, heads, tokens) + product(1, width, width + 8 * width);
    }

    /**
     * What one position learns from all: its query, the key projection of that, the value projection of the sum, D x D each; scores and
     * their use in full width by each head.
     */
    private static double attentionOfOne(long width, long heads, long positions) {
        return product(1, width, 3 * width) + 2 * product(heads, width, positions);
    }

    private static double convolution(long side, long kernel, long in, long out) {
        return product(side * side, kernel * kernel * in, out);
    }

    /** (rows, inner) times (inner, columns). */
    private static double product(long rows, long inner, long columns) {
        return 2.0 * rows * inner * columns;
    }
}
