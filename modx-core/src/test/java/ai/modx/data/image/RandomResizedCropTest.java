package ai.modx.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.modx.Golden;
import ai.modx.data.SplitMix;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random crops against torchvision 0.14: how its boxes are distributed (quantiles of 60,000 draws), and the pixels that its
 * resized_crop gives for boxes of pictures of all modes (bilinear, 24 x 24).
 */
class RandomResizedCropTest {

    private static final int DRAWS = 10_000;
    private static final int SIDE = 24;

    static Stream<JsonNode> pictures() throws IOException {
        return StreamSupport.stream(json("crop_distribution.json").spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void boxesAreDistributedAsTorchvisions(JsonNode picture) {
        int width = picture.get("width").asInt();
        int height = picture.get("height").asInt();
        List<CropBox> boxes = draws(width, height);
        compare(boxes, box -> (double) box.width() * box.height() / width / height, picture.get("area"));
        compare(boxes, box -> Math.log((double) box.width() / box.height()), picture.get("log_ratio"));
        compare(boxes, CropBox::left, picture.get("left"));
        compare(boxes, CropBox::top, picture.get("top"));
        // three standard deviations
        assertThat(boxes.stream().filter(CropBox::mirrored).count() / (double) DRAWS).isCloseTo(0.5, within(3 * 0.5 / Math.sqrt(DRAWS)));
    }

    /** Kolmogorov and Smirnov's distance stays below its 0.1 % point for samples of these sizes. */
    private static void compare(List<CropBox> boxes, ToDoubleFunction<CropBox> property, JsonNode quantiles) {
        double limit = 1.95 * Math.sqrt(1.0 / DRAWS + 1.0 / 60_000);
        for (JsonNode quantile : quantiles) {
            double value = quantile.get("value").asDouble();
            assertThat(boxes.stream().mapToDouble(property).filter(x -> x < value - 1e-9).count() / (double) DRAWS)
                    .isCloseTo(quantile.get("below").asDouble(), within(limit));
            assertThat(boxes.stream().mapToDouble(property).filter(x -> x <= value + 1e-9).count() / (double) DRAWS)
                    .isCloseTo(quantile.get("upto").asDouble(), within(limit));
        }
    }

    private static List<CropBox> draws(int width, int height) {
        List<CropBox> boxes = new ArrayList<>();
        for (int i = 0; i < DRAWS; i++) {
            boxes.add(new RandomResizedCrop(SIDE).draw(width, height, SplitMix.of(7, i)));
        }
        return boxes;
    }

    @Test
    void takesTheMiddleOfPicturesThatNoBoxFits() {
        assertThat(draws(10, 1000)).allSatisfy(box -> assertThat(box).isEqualTo(new CropBox(0, 493, 10, 13, box.mirrored())));
        assertThat(draws(1000, 10)).allSatisfy(box -> assertThat(box).isEqualTo(new CropBox(493, 0, 13, 10, box.mirrored())));
    }

    @Test
    void pixelsAreTorchvisions() throws IOException {
        byte[] expected = resource("crops.bin").readAllBytes();
        int bytes = 3 * SIDE * SIDE;
        int next = 0;
        try (RgbImageLoader loader = new RgbImageLoader()) {
            for (JsonNode box : json("crops.json")) {
                ByteBuffer actual = ByteBuffer.allocateDirect(5 + bytes);
                loader.load(Golden.path("preprocess/images/" + box.get("file").asText()), new CropBox(box.get("left").asInt(), box.get("top").asInt(),
                        box.get("width").asInt(), box.get("height").asInt(), box.get("mirrored").asBoolean()), SIDE, actual, 5);
                byte[] image = new byte[bytes];
                actual.get(5, image);
                assertThat(image).as(box.toString()).isEqualTo(Arrays.copyOfRange(expected, next, next + bytes));
                next += bytes;
            }
        }
        assertThat(next).isEqualTo(expected.length);
    }

    private static JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(resource(name));
    }

    private static InputStream resource(String name) {
        return RandomResizedCropTest.class.getResourceAsStream(name);
    }
}
