package ai.modx.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.modx.Golden;
import ai.modx.data.DataException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every file that is no usable picture gives one sentence with its name. */
class ImageErrorsTest {

    private static final String REMEDY = "Replace the file or take it out of the data set.";

    @TempDir
    Path folder;

    @Test
    void missingFile() {
        assertRefused(folder.resolve("a.jpg")).hasMessage("Image " + folder.resolve("a.jpg")
                + " does not exist. Check the image folder, or take the image out of the data set.");
    }

    @Test
    void folderInsteadOfFile() {
        assertRefused(folder).hasMessage("Image " + folder + " is not a regular file. " + REMEDY);
    }

    @Test
    void emptyFile() throws IOException {
        Path file = write(new byte[0]);
        assertRefused(file).hasMessage("Image " + file + " is empty (0 bytes). " + REMEDY);
    }

    @Test
    void otherFormat() throws IOException {
        Path file = write("GIF89a...".getBytes());
        assertRefused(file).hasMessage("Image " + file
                + " is neither JPEG nor PNG: it starts with the bytes 47 49 46 38 39 61 2e 2e. Convert it to one of them.");
    }

    @Test
    void whatIsNoPictureIsNamed() throws IOException {
        Path file = write("<!DOCTYPE html><html><head><title>404</title></head></html>".getBytes());
        assertRefused(file).hasMessage("Image " + file + " is a web page (HTML), as servers send in place of a file. "
                + "Download it again; its address leads to a page, or asks for a login.");
        write("version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 605157884\n".getBytes());
        assertRefused(file).hasMessage("Image " + file + " is a git-LFS pointer, in place of the file that 'git lfs pull' downloads. "
                + "Run 'git lfs pull' in its repository.");
        write(new byte[] {0, 5, 0x16, 7, 0, 2, 0, 0});
        assertRefused(file).hasMessageContaining("is an AppleDouble file").hasMessageEndingWith("Delete it.");
        write("PK\3\4".getBytes());
        assertRefused(file).hasMessage("Image " + file + " is a zip archive. Unpack it.");
    }

    @Test
    void jpegWithoutQuantizationTablesIsBroken() throws IOException {
        byte[] bytes = golden("jpeg_420.jpg");
        for (int at = 2; bytes[at + 1] != (byte) 0xda; at += 2 + ((bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff)) {
            bytes[at + 1] = bytes[at + 1] == (byte) 0xdb ? (byte) 0xfe : bytes[at + 1]; // the tables become comments
        }
        Path file = write(bytes);
        assertRefused(file).hasMessage("Image " + file + " cannot be decoded: it has no quantization table 0. " + REMEDY);
    }

    @Test
    void pngWithAWrongSizeIsToldByItsChecksum() throws IOException {
        byte[] bytes = golden("png_rgb.png");
        bytes[19]++; // a column more
        Path file = write(bytes);
        assertRefused(file).hasMessage("Image " + file + " cannot be decoded: the checksum of its header or palette is wrong. " + REMEDY);
    }

    @ParameterizedTest
    @CsvSource({"jpeg_420.jpg,0.5", "jpeg_420.jpg,0.01", "jpeg_progressive.jpg,0.3", "jpeg_gray.jpg,0.9", "jpeg_cmyk.jpg,0.99",
            "png_rgb.png,0.5", "png_rgb.png,0.001", "png_palette.png,0.02", "png_gray16.png,0.9", "png_bilevel.png,0.5"})
    void truncatedFile(String image, double share) throws IOException {
        byte[] whole = golden(image);
        int size = Math.max(12, (int) (share * whole.length));
        Path file = write(Arrays.copyOf(whole, size));
        assertRefused(file).hasMessage("Image " + file + " is truncated: its " + size
                + " bytes end before the picture does. " + REMEDY);
    }

    @Test
    void jpegWithoutItsEndMarkerCountsAsTruncated() throws IOException {
        byte[] whole = golden("jpeg_420.jpg");
        assertRefused(write(Arrays.copyOf(whole, whole.length - 2))).hasMessageContaining("is truncated");
    }

    @Test
    void undecodablePng() throws IOException {
        byte[] bytes = golden("png_rgb.png");
        Arrays.fill(bytes, 41, 200, (byte) 0x55);
        Path file = write(bytes);
        assertRefused(file).hasMessageStartingWith("Image " + file + " cannot be decoded: ").hasMessageEndingWith(". " + REMEDY);
    }

    @Test
    void undecodableJpeg() throws IOException {
        byte[] bytes = golden("jpeg_420.jpg");
        bytes[indexOf(bytes, 0xc0) + 3] = 12; // bits per sample in the frame header
        Path file = write(bytes);
        assertRefused(file).hasMessage("Image " + file
                + " cannot be decoded: 12 bits per sample where 8 are supported. " + REMEDY);
    }

    @Test
    void pixelBombIsRefusedBeforeDecoding() throws IOException {
        byte[] png = golden("png_rgb.png");
        ByteBuffer.wrap(png).putInt(16, 60_000).putInt(20, 50_000);
        Path file = write(png);
        assertRefused(file).hasMessage("Image " + file
                + " claims 60000 x 50000 = 3000000000 pixels; at most 178956970 are decoded. " + REMEDY);
        byte[] jpeg = golden("jpeg_420.jpg");
        ByteBuffer.wrap(jpeg).putInt(indexOf(jpeg, 0xc0) + 4, 0xffffffff);
        assertRefused(write(jpeg)).hasMessageContaining("claims 65535 x 65535 = 4294836225 pixels");
    }

    @Test
    void pixelsThatTheFileCannotHoldAreNotAllocated() throws IOException {
        byte[] png = golden("png_rgb.png");
        ByteBuffer.wrap(png).putInt(16, 13_000).putInt(20, 13_000);
        Path file = write(png);
        assertRefused(file).hasMessage("Image " + file + " is truncated: its " + png.length + " bytes end before the picture does. " + REMEDY);
        byte[] jpeg = golden("jpeg_420.jpg");
        ByteBuffer.wrap(jpeg).putShort(indexOf(jpeg, 0xc0) + 4, (short) 13_000).putShort(indexOf(jpeg, 0xc0) + 6, (short) 13_000);
        assertRefused(write(jpeg)).hasMessageContaining("is truncated");
    }

    @Test
    void rowsWithoutEndAreRefused() throws IOException {
        byte[] png = golden("png_bilevel.png");
        ByteBuffer.wrap(png).putInt(16, 1).putInt(20, 100_000_000);
        Path file = write(png);
        assertRefused(file).hasMessage("Image " + file + " claims 1 x 100000000 pixels; at most 1048576 in a row or column are decoded. " + REMEDY);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aBombOfScansIsRefused() throws IOException {
        byte[] jpeg = golden("jpeg_progressive.jpg");
        int sof = indexOf(jpeg, 0xc2);
        ByteBuffer.wrap(jpeg).putShort(sof + 4, (short) 2000).putShort(sof + 6, (short) 2000);
        byte[] scan = {(byte) 0xff, (byte) 0xda, 0, 8, 1, 1, 0, 1, 63, 0};
        ByteBuffer bomb = ByteBuffer.allocate(jpeg.length + 5000 * scan.length).put(jpeg, 0, jpeg.length - 2);
        for (int i = 0; i < 5000; i++) {
            bomb.put(scan);
        }
        Path file = write(bomb.put(jpeg, jpeg.length - 2, 2).array());
        assertRefused(file).hasMessage("Image " + file + " of 2000 x 2000 pixels has 5010 scans, which would take very long to decode; "
                + "encoders write about 10. " + REMEDY);
        ByteBuffer.wrap(bomb.array()).putShort(sof + 4, (short) 200).putShort(sof + 6, (short) 200);
        assertThat(load(write(bomb.array())).hasRemaining()).as("many scans of few pixels do no harm").isTrue();
    }

    @Test
    void chunkThatClaimsMoreThanTheFileIsNotAllocated() throws IOException {
        byte[] png = golden("png_palette_transparent.png");
        ByteBuffer.wrap(png).putInt(33, Integer.MAX_VALUE);
        assertRefused(write(png)).hasMessageContaining("is truncated");
    }

    @Test
    void pictureThatWouldExplodeWhenResizedIsRefused() throws IOException {
        Path file = folder.resolve("line.png");
        BufferedImage line = new BufferedImage(1_000_000, 1, BufferedImage.TYPE_BYTE_GRAY);
        ImageIO.write(line, "png", file.toFile());
        assertRefused(file).hasMessage("Image " + file + " of 1000000 x 1 pixels is too narrow:"
                + " with a shorter side of 64 it would have 64000000 x 64; at most 178956970 pixels are computed. Crop the image or take it out of the data set.");
    }

    @Test
    void formatIsToldByContent() throws IOException {
        ByteBuffer named = load(Golden.path("preprocess/images/png_rgb.png"));
        ByteBuffer misnamed = load(write(golden("png_rgb.png")));
        assertThat(misnamed).isEqualTo(named);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg_exif6.jpg", "jpeg_progressive.jpg", "jpeg_cmyk.jpg", "png_palette_transparent.png",
            "png_bilevel.png", "png_gray16.png"})
    void damagedBytesGiveAPictureOrANamedError(String image) throws IOException {
        byte[] whole = golden(image);
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            byte[] bytes = whole.clone();
            for (int i = 0; i < 1 + round % 8; i++) {
                bytes[random.nextInt(round % 2 == 0 ? bytes.length : Math.min(700, bytes.length))] = (byte) random.nextInt();
            }
            Path file = write(bytes);
            try {
                load(file);
            } catch (DataException e) {
                assertThat(e).hasMessageContaining(file.toString());
            }
        }
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("picture.jpg"), bytes);
    }

    private static byte[] golden(String image) throws IOException {
        return Files.readAllBytes(Golden.path("preprocess/images/" + image));
    }

    private static int indexOf(byte[] bytes, int marker) {
        int at = 0;
        while ((bytes[at] & 0xff) != 0xff || (bytes[at + 1] & 0xff) != marker) {
            at++;
        }
        return at + 1;
    }

    private static AbstractThrowableAssert<?, ?> assertRefused(Path file) {
        return assertThatThrownBy(() -> load(file)).isInstanceOf(DataException.class);
    }

    private static ByteBuffer load(Path file) {
        ImageTransform transform = ImageTransform.clip(64);
        ByteBuffer target = ByteBuffer.allocate(transform.imageBytes());
        try (ImageLoader loader = new ImageLoader(transform)) {
            loader.load(file, target, 0);
        }
        return target;
    }
}
