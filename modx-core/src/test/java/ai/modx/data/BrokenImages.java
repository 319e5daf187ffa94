package ai.modx.data;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Breaks images of a data set in every way, and puts two in their place that are odd but whole. */
public final class BrokenImages {

    /** How many files {@link #breakImages} needs. */
    public static final int FILES = 9;

    private BrokenImages() {}

    /**
     * Changes nine images.
     *
     * @param images JPEG files
     * @return what is wrong with seven of them
     */
    public static Map<Path, Defect> breakImages(List<Path> images) throws IOException {
        Iterator<Path> next = images.iterator();
        Map<Path, Defect> broken = new LinkedHashMap<>();
        broken.put(Files.write(next.next(), new byte[0]), Defect.EMPTY_IMAGE);
        broken.put(truncate(next.next()), Defect.TRUNCATED_IMAGE);
        broken.put(delete(next.next()), Defect.MISSING_IMAGE);
        broken.put(Files.writeString(next.next(), "not a picture"), Defect.OTHER_FORMAT);
        broken.put(Files.createDirectory(delete(next.next())), Defect.NOT_A_FILE);
        broken.put(Files.write(next.next(), bomb()), Defect.TOO_LARGE_IMAGE);
        broken.put(Files.write(next.next(), damagedInside()), Defect.UNDECODABLE_IMAGE);
        Files.write(next.next(), png()); // under the name of a JPEG file
        cmyk(next.next());
        return broken;
    }

    private static Path truncate(Path file) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        return Files.write(file, Arrays.copyOf(whole, whole.length - 50));
    }

    private static Path delete(Path file) throws IOException {
        Files.delete(file);
        return file;
    }

    private static byte[] bomb() throws IOException {
        byte[] png = png();
        ByteBuffer.wrap(png).putInt(16, 60_000).putInt(20, 50_000);
        return png;
    }

    /** Header and end are as they should be. */
    public static byte[] damagedInside() throws IOException {
        byte[] png = png();
        Arrays.fill(png, 41, png.length - 16, (byte) 0x55);
        return png;
    }

    static byte[] png() throws IOException {
        BufferedImage image = new BufferedImage(40, 50, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 40; x++) {
            image.setRGB(x, x, 0x3060c0 + 5 * x);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    private static void cmyk(Path file) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        Files.delete(file);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.write(new IIOImage(Raster.createInterleavedRaster(0, 40, 40, 4, null), null, null));
        } finally {
            writer.dispose();
        }
    }
}
