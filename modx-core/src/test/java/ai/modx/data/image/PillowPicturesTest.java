package ai.modx.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.modx.data.DataException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Small files of many kinds, whole and damaged, against Pillow's pixels. How these were computed stands in {@code pillow.json}, which
 * holds the files as well: odd sampling factors, restarts, Adobe's markers, PNG of all depths with and without transparent colours and
 * interlace, JPEG without tables or scans, and bytes changed at random.
 */
class PillowPicturesTest {

    @TempDir
    Path folder;

    static List<JsonNode> pictures() throws IOException {
        try (InputStream in = PillowPicturesTest.class.getResourceAsStream("pillow.json")) {
            List<JsonNode> pictures = new ArrayList<>();
            new ObjectMapper().readTree(in).get("pictures").forEach(pictures::add);
            return pictures;
        }
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void pixelsArePillows(JsonNode picture) throws IOException {
        try (ImageDecoder decoder = new ImageDecoder()) {
            assertPillows(picture, decoder);
        }
    }

    @Test
    void noPictureDependsOnThoseBefore() throws IOException {
        List<JsonNode> pictures = pictures();
        try (ImageDecoder decoder = new ImageDecoder()) {
            for (JsonNode picture : pictures) {
                assertPillows(picture, decoder);
            }
            Collections.reverse(pictures);
            for (JsonNode picture : pictures) {
                assertPillows(picture, decoder);
            }
        }
    }

    private void assertPillows(JsonNode picture, ImageDecoder decoder) throws IOException {
        Path file = Files.write(folder.resolve("picture"), picture.get("file").binaryValue());
        String name = picture.get("name").asText();
        if (picture.has("refused")) {
            assertThatThrownBy(() -> rgb(decoder.open(file))).as(name).isInstanceOf(DataException.class).hasMessageContaining(file.toString());
            return;
        }
        ImageDecoder.Source source = decoder.open(file);
        assertThat(source.width()).as(name).isEqualTo(picture.get("width").asInt());
        assertThat(source.height()).as(name).isEqualTo(picture.get("height").asInt());
        assertThat(sha256(rgb(source))).as(name).isEqualTo(picture.get("rgb_sha256").asText());
        assertThat(sha256(rgb(source.picture()))).as(name + ", whole").isEqualTo(picture.get("rgb_sha256").asText());
    }

    private static byte[] rgb(ImageDecoder.Source source) {
        CropBox all = new CropBox(0, 0, source.width(), source.height(), false);
        Optional<PixelColumns> columns = source.columns(all);
        if (columns.isEmpty()) {
            return rgb(source.picture());
        }
        int bands = columns.get().bands();
        byte[] pixels = new byte[all.width() * all.height() * bands];
        int[][] column = new int[bands][columns.get().length()];
        for (int x = 0; x < all.width(); x++) {
            columns.get().read(x, column);
            for (int y = 0; y < all.height(); y++) {
                for (int band = 0; band < bands; band++) {
                    pixels[(y * all.width() + x) * bands + band] = (byte) column[band][columns.get().position(y)];
                }
            }
        }
        byte[] rgb = new byte[3 * all.width() * all.height()];
        RgbConversion.convert(bands, pixels, all.width() * all.height(), rgb);
        return rgb;
    }

    private static byte[] rgb(Picture picture) {
        byte[] rgb = new byte[3 * picture.width() * picture.height()];
        RgbConversion.convert(picture.mode(), picture.samples(), picture.palette(), picture.width() * picture.height(), rgb);
        return rgb;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
