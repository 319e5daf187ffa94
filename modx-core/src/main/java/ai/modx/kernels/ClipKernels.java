package ai.modx.kernels;

import ai.modx.kernels.Kernel.Attention;
import ai.modx.kernels.Kernel.BatchedProduct;
import ai.modx.kernels.Kernel.Convolution;
import ai.modx.kernels.Kernel.Linear;
import ai.modx.kernels.Kernel.Linear.Form;
import ai.modx.model.ModelConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The products of CLIP's forward pass in their order, as {@code clip.py} computes them; equal ones as often as they
 * occur.
 */
final class ClipKernels {

    private ClipKernels() {}

    /** Of the image tower. The first is the stem's, whose input are the pixels. */
    static List<Kernel> image(ModelConfig model, int images) {
        return model.isResNet() ? resNet(model, images) : visionTransformer(model, images);
    }

    /**
     * Of the text tower.
     *
     * @param length token columns that are computed
     */
    static List<Kernel> text(ModelConfig model, int texts, int length) {
        List<Kernel> kernels = new ArrayList<>(transformer(
                model.transformerLayers(), model.transformerWidth(), model.transformerHeads(), texts, length, true));
        kernels.add(new Linear(texts, model.transformerWidth(), model.embedDim(), Form.TRANSPOSED));
        return kernels;
    }

    private static List<Kernel> visionTransformer(ModelConfig model, int images) {
        int patches = model.visionGrid() * model.visionGrid();
        List<Kernel> kernels = new ArrayList<>();
        kernels.add(new Linear(
                images * patches,
                3 * model.visionPatchSize() * model.visionPatchSize(),
                model.visionWidth(),
                Form.NO_BIAS));
        kernels.addAll(transformer(
                model.visionLayers().get(0), model.visionWidth(), model.visionHeads(), images, patches + 1, false));
        kernels.add(new Linear(images, model.visionWidth(), model.embedDim(), Form.TRANSPOSED));
        return kernels;
    }

    private static List<Kernel> transformer(
            int layers, int width, int heads, int sequences, int tokens, boolean causal) {
        List<Kernel> kernels = new ArrayList<>();
        int rows = sequences * tokens;
        for (int layer = 0; layer < layers - 1; layer++) {
            kernels.addAll(List.of(
                    new Linear(rows, width, 3 * width, Form.BIAS),
                    new Attention(sequences, tokens, heads, width, causal),
                    new Linear(rows, width, width, Form.BIAS)));
            kernels.addAll(mlp(rows, width));
        }
        kernels.addAll(attentionOfOne(
                sequences, tokens, heads, width)); // the last block is computed at the position that is read
        kernels.add(new Linear(sequences, width, width, Form.BIAS));
        kernels.addAll(mlp(sequences, width));
        return kernels;
    }

    private static List<Kernel> mlp(int rows, int width) {
        return List.of(new Linear(rows, width, 4 * width, Form.BIAS), new Linear(rows, 4 * width, width, Form.BIAS));
    }

    /**
     * What one position learns from all: its query, the key projection of that, scores, their use, and the value
     * projection of the sum.
     */
    private static List<Kernel> attentionOfOne(int sequences, int positions, int heads, int width) {
        return List.of(
                new Linear(sequences, width, width, Form.BIAS),
                new BatchedProduct(heads, sequences, width / heads, width),
                new BatchedProduct(sequences, heads, width, positions),
                new BatchedProduct(sequences, heads, positions, width),
                new BatchedProduct(heads, sequences, width, width / heads));
    }

    private static List<Kernel> resNet(ModelConfig model, int images) {
        int width = model.visionWidth();
        int side = model.imageResolution();
        List<Kernel> kernels = new ArrayList<>();
        kernels.add(new Convolution(images, side, 3, width / 2, 3, 2));
        side /= 2;
        kernels.add(new Convolution(images, side, width / 2, width / 2, 3, 1));
        kernels.add(new Convolution(images, side, width / 2, width, 3, 1));
        side /= 2;
        int channels = width;
        for (int stage = 0; stage < model.visionLayers().size(); stage++) {
            int planes = width << stage;
            for (int block = 0; block < model.visionLayers().get(stage); block++) {
                kernels.add(new Convolution(images, side, channels, planes, 1, 1));
                kernels.add(new Convolution(images, side, planes, planes, 3, 1));
                side = block == 0 && stage > 0 ? side / 2 : side; // pooled after the second convolution
                kernels.add(new Convolution(images, side, planes, 4 * planes, 1, 1));
                if (block == 0) {
                    kernels.add(new Convolution(images, side, channels, 4 * planes, 1, 1));
                }
                channels = 4 * planes;
            }
        }
        kernels.addAll(attentionOfOne(images, side * side + 1, model.visionHeads(), channels));
        kernels.add(new Linear(images, channels, model.embedDim(), Form.BIAS));
        return kernels;
    }
}
