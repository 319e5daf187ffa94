package ai.modx.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.Golden;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts of JPEG files against the whole picture that libjpeg gives. */
class UsualJpegDecoderTest {

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0} x {1}, quality {2}, a restart every {3} units")
    @CsvSource({"1,1,0.9,0", "1,1,0.9,1", "2,1,0.9,0", "2,1,0.3,3", "2,2,0.9,0", "2,2,1,0", "2,2,0.1,1", "2,2,0.75,7"})
    void partsEqualLibjpegs(int across, int down, float quality, int restart) throws IOException {
        Random random = new Random(across + 10 * down + restart);
        for (int round = 0; round < 25; round++) {
            int width = 5 + random.nextInt(round < 20 ? 60 : 200);
            int height = 1 + random.nextInt(60);
            Path file = Files.write(folder.resolve("picture.jpg"), jpeg(noise(width, height, BufferedImage.TYPE_3BYTE_BGR, random), across, down, quality, restart));
            for (int i = 0; i < 4; i++) {
                assertEqual(file, i == 0 ? new CropBox(0, 0, width, height, false) : part(width, height, random));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg_420.jpg", "jpeg_444.jpg", "jpeg_gray.jpg", "jpeg_exif6.jpg"})
    void goldenPicturesAreUsual(String name) {
        Path file = Golden.path("preprocess/images/" + name);
        try (ImageDecoder decoder = new ImageDecoder()) {
            ImageDecoder.Source source = decoder.open(file);
            assertEqual(file, new CropBox(0, 0, source.width(), source.height(), false));
        }
    }

    @Test
    void damageIsLeftToTheLibrary() throws IOException {
        byte[] whole = Files.readAllBytes(Golden.path("preprocess/images/jpeg_420.jpg"));
        Random random = new Random(5);
        CropBox part = new CropBox(20, 20, 30, 30, false);
        assertThat(decodes(whole, part)).isTrue();
        for (int i = 0; i < 20; i++) {
            byte[] damaged = whole.clone();
            int at = whole.length / 4 + random.nextInt(whole.length / 2);
            damaged[at] = (byte) 0xff; // a marker amid the data of the part or before it, or behind it
            damaged[at + 1] = (byte) 0xc0;
            assertThat(decodes(damaged, part)).isFalse();
        }
        for (int size = 4; size < whole.length; size += 97) {
            assertThat(decodes(Arrays.copyOf(whole, size), part)).isFalse();
        }
    }

    private static boolean decodes(byte[] data, CropBox part) throws IOException {
        try {
            return new UsualJpegDecoder().decode(JpegHeader.parse(data, data.length), data, data.length, part).isPresent();
        } catch (EOFException e) {
            return false;
        }
    }

    private static CropBox part(int width, int height, Random random) {
        int left = random.nextInt(width);
        int top = random.nextInt(height);
        return new CropBox(left, top, 1 + random.nextInt(width - left), 1 + random.nextInt(height - top), false);
    }

    private static void assertEqual(Path file, CropBox part) {
        try (ImageDecoder decoder = new ImageDecoder()) {
            ImageDecoder.Source source = decoder.open(file);
            PixelColumns columns = source.columns(part).orElseThrow();
            Picture expected = source.picture();
            PixelColumns plain = new PictureColumns(expected.samples(), expected.width(), expected.mode().bytes(), part);
            assertThat(columns.bands()).isEqualTo(plain.bands());
            int[][] actual = new int[columns.bands()][columns.length()];
            int[][] wanted = new int[plain.bands()][plain.length()];
            for (int x = 0; x < part.width(); x++) {
                columns.read(x, actual);
                plain.read(x, wanted);
                for (int y = 0; y < part.height(); y++) {
                    for (int band = 0; band < plain.bands(); band++) {
                        if (actual[band][columns.position(y)] != wanted[band][y]) {
                            throw new AssertionError(source.width() + " x " + source.height() + ", " + part + ": column " + x + " row " + y
                                    + " band " + band + " is " + actual[band][columns.position(y)] + " instead of " + wanted[band][y]);
                        }
                    }
                }
            }
        }
    }

    /** Smooth and rough areas, so that there are long and short runs of zeros. */
    private static BufferedImage noise(int width, int height, int type, Random random) {
        BufferedImage image = new BufferedImage(width, height, type);
        int amplitude = 1 + random.nextInt(255);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int band = 0; band < image.getRaster().getNumBands(); band++) {
                    int noise = x < width / 3 ? 0 : random.nextInt(amplitude);
                    image.getRaster().setSample(x, y, band, Math.min(255, noise + (band + 1) * x * 60 / width + y));
                }
            }
        }
        return image;
    }

    /** @param across luma samples for one colour difference along a row */
    private static byte[] jpeg(BufferedImage image, int across, int down, float quality, int restart) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(quality);
            IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), param);
            IIOMetadataNode tree = (IIOMetadataNode) metadata.getAsTree(metadata.getNativeMetadataFormatName());
            IIOMetadataNode luma = (IIOMetadataNode) tree.getElementsByTagName("componentSpec").item(0);
            luma.setAttribute("HsamplingFactor", "" + across);
            luma.setAttribute("VsamplingFactor", "" + down);
            if (restart > 0) {
                IIOMetadataNode interval = new IIOMetadataNode("dri");
                interval.setAttribute("interval", "" + restart);
                tree.getElementsByTagName("markerSequence").item(0).appendChild(interval);
            }
            metadata.setFromTree(metadata.getNativeMetadataFormatName(), tree);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, metadata), param);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
