package ai.modx.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the shapes of a CLIP state dict tell about the model. Only the head numbers are not among it.
 *
 * @param vision what the image tower is, for example {@code ViT, width 768, 12 layers, patch 32, image 224}
 * @param text   what the text tower is
 * @param embedDim size of the shared embedding
 */
record Architecture(String vision, String text, long embedDim) {

    private static final int RESNET_REDUCTION = 32; // side of the image over side of the last feature map
    private static final int RESNET_STAGES = 4;

    /** The architecture, or empty if these are not the tensors of a CLIP. */
    static Optional<Architecture> of(Map<String, long[]> shapes) {
        Optional<String> vision = shapes.containsKey("visual.class_embedding") ? vit(shapes) : resnet(shapes);
        Optional<long[]> position = shape(shapes, "positional_embedding", 2);
        Optional<long[]> token = shape(shapes, "token_embedding.weight", 2);
        Optional<long[]> projection = shape(shapes, "text_projection", 2);
        if (vision.isEmpty() || position.isEmpty() || token.isEmpty() || projection.isEmpty()) {
            return Optional.empty();
        }
        String text = "transformer, width " + position.get()[1] + ", " + count(layers(shapes, "transformer.resblocks."), "layer")
                + ", context " + position.get()[0] + ", vocabulary " + token.get()[0];
        return Optional.of(new Architecture(vision.get(), text, projection.get()[1]));
    }

    String summary() {
        return "a " + vision + "; " + text + "; embedding " + embedDim;
    }

    private static Optional<String> vit(Map<String, long[]> shapes) {
        return shape(shapes, "visual.conv1.weight", 4).flatMap(patch -> shape(shapes, "visual.positional_embedding", 2)
                .map(positions -> "ViT, width " + patch[0] + ", " + count(layers(shapes, "visual.transformer.resblocks."), "layer")
                        + ", patch " + patch[3] + ", image " + side(positions[0]) * patch[3]));
    }

    private static Optional<String> resnet(Map<String, long[]> shapes) {
        List<String> layers = IntStream.rangeClosed(1, RESNET_STAGES)
                .mapToObj(stage -> Long.toString(layers(shapes, "visual.layer" + stage + "."))).toList();
        return shape(shapes, "visual.layer1.0.conv1.weight", 4).flatMap(first -> shape(shapes, "visual.attnpool.positional_embedding", 2)
                .map(positions -> "ResNet, width " + first[0] + ", layers " + String.join("-", layers)
                        + ", image " + side(positions[0]) * RESNET_REDUCTION));
    }

    /** Side of the square grid behind a positional embedding that has one row more for the summary token. */
    private static long side(long rows) {
        return Math.round(Math.sqrt(rows - 1));
    }

    private static long layers(Map<String, long[]> shapes, String prefix) {
        return shapes.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()).split("\\.", 2)[0])
                .distinct().count();
    }

    private static Optional<long[]> shape(Map<String, long[]> shapes, String name, int dimensions) {
        return Optional.ofNullable(shapes.get(name)).filter(shape -> shape.length == dimensions);
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
