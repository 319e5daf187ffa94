package ai.modx.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.Golden;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Properties of files that the golden pictures do not have. */
class FormatVarietyTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void grayOfFewBitsIsSpreadOverTheFullRange(int bits) throws IOException {
        int levels = 1 << bits;
        byte[] ramp = new byte[levels];
        for (int i = 0; i < levels; i++) {
            ramp[i] = (byte) (i * 255 / (levels - 1));
        }
        BufferedImage image = new BufferedImage(levels + 1, 2, BufferedImage.TYPE_BYTE_BINARY,
                new IndexColorModel(bits, levels, ramp, ramp, ramp));
        for (int x = 0; x < levels; x++) {
            image.getRaster().setSample(x, 1, 0, x);
        }
        byte[] file = png(image, ImageWriteParam.MODE_DISABLED);
        assertThat(file[24]).isEqualTo((byte) bits);
        assertThat(file[25]).as("PNG's colour type").isZero();

        Picture picture = decode(file);

        assertThat(picture.mode()).isEqualTo(PixelMode.GRAY);
        assertThat(picture.samples()).startsWith(new byte[levels + 1]).containsSubsequence(ramp);
    }

    @Test
    void blackAndWhiteWithATransparentColourIsGray() throws IOException {
        byte[] file = Files.readAllBytes(golden("png_bilevel.png"));
        Picture marked = decode(withChunkAfterHeader(file, "tRNS", new byte[2]));
        assertThat(marked.mode()).isEqualTo(PixelMode.GRAY);
        assertThat(marked.samples()).isEqualTo(decode(file).samples());
    }

    @Test
    void interlacedPngIsTheSamePicture() throws IOException {
        BufferedImage image = ImageIO.read(golden("png_rgb.png").toFile());
        byte[] plain = png(image, ImageWriteParam.MODE_DISABLED);
        byte[] interlaced = png(image, ImageWriteParam.MODE_DEFAULT);
        assertThat(interlaced[28]).isEqualTo((byte) 1);
        assertThat(decode(interlaced).samples()).isEqualTo(decode(plain).samples());
    }

    @ParameterizedTest
    @ValueSource(strings = {"png_rgb.png", "png_gray.png", "png_rgb16.png", "png_gray16.png"})
    void aTransparentColourDoesNotChangeThePicture(String name) throws IOException {
        byte[] file = Files.readAllBytes(golden(name));
        Picture plain = decode(file);
        Picture marked = decode(withChunkAfterHeader(file, "tRNS", new byte[name.contains("rgb") ? 6 : 2]));
        assertThat(marked.mode()).isEqualTo(plain.mode());
        assertThat(marked.samples()).isEqualTo(plain.samples());
    }

    @Test
    void jpegWithoutJfifSegmentIsLumaUnlessItsComponentsAreNamedRgb() throws IOException {
        byte[] file = Files.readAllBytes(golden("jpeg_444.jpg"));
        Picture plain = decode(file);
        file[3] = (byte) 0xfe; // the JFIF segment becomes a comment; the JDK would take 4:4:4 for RGB now
        assertThat(decode(file).samples()).isEqualTo(plain.samples());
    }

    @Test
    void yccInksAreConverted() throws IOException {
        byte[] file = Files.readAllBytes(golden("jpeg_cmyk.jpg"));
        int adobe = new String(file, StandardCharsets.ISO_8859_1).indexOf("Adobe");
        file[adobe + 11] = 0;
        byte[] plain = decode(file).samples(); // stored values are inverted: 255 - sample
        file[adobe + 11] = 2;
        byte[] converted = decode(file).samples();
        for (int i = 0; i < plain.length; i += 4) {
            int y = 255 - (plain[i] & 0xff);
            int cb = 255 - (plain[i + 1] & 0xff) - 128;
            int cr = 255 - (plain[i + 2] & 0xff) - 128;
            assertThat(converted[i] & 0xff).isEqualTo(clip(y + 1.402 * cr));
            assertThat((double) (converted[i + 1] & 0xff)).isBetween(clip(y - 0.34414 * cb - 0.71414 * cr) - 1.0,
                    clip(y - 0.34414 * cb - 0.71414 * cr) + 1.0);
            assertThat(converted[i + 2] & 0xff).isEqualTo(clip(y + 1.772 * cb));
            assertThat(converted[i + 3]).isEqualTo(plain[i + 3]);
        }
    }

    private static int clip(double value) {
        return (int) Math.max(0, Math.min(255, Math.floor(value + 0.5)));
    }

    private static Path golden(String image) {
        return Golden.path("preprocess/images/" + image);
    }

    private Picture decode(byte[] file) throws IOException {
        try (ImageDecoder decoder = new ImageDecoder()) {
            return decoder.open(Files.write(folder.resolve("picture"), file)).picture();
        }
    }

    private static byte[] png(BufferedImage image, int progressiveMode) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setProgressiveMode(progressiveMode);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), param);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static byte[] withChunkAfterHeader(byte[] file, String type, byte[] content) {
        byte[] typeAndContent = ByteBuffer.allocate(4 + content.length)
                .put(type.getBytes(StandardCharsets.US_ASCII)).put(content).array();
        CRC32 crc = new CRC32();
        crc.update(typeAndContent);
        return ByteBuffer.allocate(file.length + 12 + content.length).put(file, 0, 33).putInt(content.length).put(typeAndContent)
                .putInt((int) crc.getValue()).put(file, 33, file.length - 33).array();
    }
}
