package ai.modx.data.sample;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Renders pictures and stores them as JPEGs, on all cores: every file depends on its own scene only. */
final class JpegFiles {

    /** High enough that thin chalk lines survive at 64 pixels. */
    private static final float QUALITY = 0.92f;

    private final Painter painter;
    private final int side;

    JpegFiles(Painter painter, int side) {
        this.painter = painter;
        this.side = side;
    }

    void write(Path root, List<Picture> pictures) throws IOException {
        Set<String> folders = new HashSet<>();
        for (Picture picture : pictures) {
            if (folders.add(picture.folder())) {
                Files.createDirectories(root.resolve(picture.folder()));
            }
        }
        try {
            pictures.parallelStream().forEach(picture -> write(root.resolve(picture.path()), picture.scene()));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void write(Path file, Scene scene) {
        try {
            byte[] jpeg = encode(painter.paint(scene, side));
            SampleFile.write(file, out -> out.write(jpeg));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In memory, since ImageIO's own file streams swallow some write errors. */
    private static byte[] encode(BufferedImage image) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(QUALITY);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), param);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
