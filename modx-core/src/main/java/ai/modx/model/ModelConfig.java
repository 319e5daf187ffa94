package ai.modx.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The architecture of a CLIP model, with the keys of the model table. Decides names, shapes and number of all parameters.
 *
 * @param embedDim          E, width of the joint embedding space
 * @param imageResolution   S, side of the square input image in pixels
 * @param visionLayers      four numbers: blocks in each stage of a ModifiedResNet; one number: layers of a VisionTransformer
 * @param visionWidth       width of the ResNet's first stage, or D of the VisionTransformer
 * @param visionPatchSize   side of a patch in pixels; 0 for a ResNet
 * @param contextLength     L, tokens of a text, marks included
 * @param vocabSize         number of token ids
 * @param transformerWidth  D of the text tower
 * @param transformerHeads  H of the text tower
 * @param transformerLayers layers of the text tower
 */
public record ModelConfig(
        int embedDim,
        int imageResolution,
        List<Integer> visionLayers,
        int visionWidth,
        int visionPatchSize,
        int contextLength,
        int vocabSize,
        int transformerWidth,
        int transformerHeads,
        int transformerLayers) {

    /** The keys of the model table, in its order. */
    public static final List<String> KEYS = List.of(
            "embed_dim", "image_resolution", "vision_layers", "vision_width", "vision_patch_size",
            "context_length", "vocab_size", "transformer_width", "transformer_heads", "transformer_layers");

    private static final int RESNET_STAGES = 4;
    /** Pixels to one feature: the stem halves the side twice, and three of the four stages once more. */
    private static final int RESNET_STRIDE = 32;
    /** The ResNet's last stage is this many times as wide as its first. */
    private static final int RESNET_EXPANSION = 32;
    private static final int HEAD_WIDTH = 64;
    /** Far above every known model: a mistyped or hostile number must not end in a loop or allocation of any length. */
    private static final int MAX_SIZE = 1 << 20;
    private static final int MAX_LAYERS = 1 << 10;

    public ModelConfig {
        visionLayers = List.copyOf(visionLayers);
        requirePositive("embed_dim", embedDim);
        requirePositive("image_resolution", imageResolution);
        visionLayers.forEach(layers -> requireLayers("vision_layers", layers));
        requirePositive("vision_width", visionWidth);
        require(contextLength >= 2, "context_length", contextLength, "at least 2, for the marks of start and end");
        requirePositive("context_length", contextLength);
        require(vocabSize >= 2, "vocab_size", vocabSize, "at least 2, for the marks of start and end");
        requirePositive("vocab_size", vocabSize);
        requirePositive("transformer_width", transformerWidth);
        requirePositive("transformer_heads", transformerHeads);
        requireLayers("transformer_layers", transformerLayers);
        require(transformerWidth % transformerHeads == 0, "transformer_width", transformerWidth,
                "a multiple of transformer_heads, which is " + transformerHeads);
        if (visionLayers.size() == RESNET_STAGES) {
            require(visionPatchSize == 0, "vision_patch_size", visionPatchSize, "0, since a list of vision_layers means a ResNet");
            require(visionWidth % 2 == 0, "vision_width", visionWidth, "an even number for a ResNet");
            require(imageResolution % RESNET_STRIDE == 0, "image_resolution", imageResolution,
                    "a multiple of " + RESNET_STRIDE + " for a ResNet");
        } else {
            require(visionLayers.size() == 1, "vision_layers", visionLayers,
                    "a list of four whole numbers (ResNet) or a single one (VisionTransformer)");
            require(visionPatchSize >= 1 && visionPatchSize <= imageResolution, "vision_patch_size", visionPatchSize,
                    "1 to image_resolution, which is " + imageResolution);
            require(visionWidth % heads(visionWidth) == 0, "vision_width", visionWidth,
                    "a multiple of the number of heads, vision_width / " + HEAD_WIDTH + " = " + heads(visionWidth));
        }
    }

    /** Whether images go through a ModifiedResNet with attention pooling; else through a VisionTransformer. */
    public boolean isResNet() {
        return visionLayers.size() == RESNET_STAGES;
    }

    /** Heads of the VisionTransformer, or of the ResNet's attention pool; OpenAI gives each a width of 64. */
    public int visionHeads() {
        return heads(visionFeatureWidth());
    }

    /** Width of what the image tower projects to E: D of the VisionTransformer, 32 times the first width of a ResNet. */
    public int visionFeatureWidth() {
        return isResNet() ? visionWidth * RESNET_EXPANSION : visionWidth;
    }

    /** Side of the grid that the image becomes: patches of the VisionTransformer, features before the ResNet's pool. */
    public int visionGrid() {
        return isResNet() ? imageResolution / RESNET_STRIDE : imageResolution / visionPatchSize;
    }

    /** The keys and values of the model table, as JSON and YAML know them. */
    public Map<String, Object> toMap() {
        Object layers = isResNet() ? visionLayers : visionLayers.get(0);
        List<Object> values = List.of(embedDim, imageResolution, layers, visionWidth, visionPatchSize,
                contextLength, vocabSize, transformerWidth, transformerHeads, transformerLayers);
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            map.put(KEYS.get(i), values.get(i));
        }
        return map;
    }

    private static int heads(int width) {
        return Math.max(1, width / HEAD_WIDTH);
    }

    private static void requirePositive(String key, int value) {
        require(value >= 1, key, value, "at least 1");
        require(value <= MAX_SIZE, key, value, "at most " + MAX_SIZE);
    }

    private static void requireLayers(String key, int value) {
        require(value <= MAX_LAYERS, key, value, "at most " + MAX_LAYERS);
        requirePositive(key, value);
    }

    private static void require(boolean condition, String key, Object value, String expected) {
        if (!condition) {
            throw new IllegalArgumentException(key + " is " + value + ". Expected " + expected);
        }
    }
}
