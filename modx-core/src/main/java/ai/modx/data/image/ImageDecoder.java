package ai.modx.data.image;

import ai.modx.config.FileProblem;
import ai.modx.config.ForeignFile;
import ai.modx.data.BadImageException;
import ai.modx.data.DataException;
import ai.modx.data.Defect;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Reads image files. The format is told by the content, not by the name; EXIF orientation and colour profiles are ignored, as
 * Pillow does. Keeps its file buffer and decoders between images, and so belongs to one thread.
 */
final class ImageDecoder implements AutoCloseable {

    /** Pillow's limit. More is most likely a forged header that would exhaust the memory. */
    static final long MAX_PIXELS = 178_956_970;

    /** Longest file: what an array takes. */
    static final int MAX_BYTES = Integer.MAX_VALUE - 8;

    /** Every row and column needs some memory, however short it is. */
    private static final int MAX_SIDE = 1 << 20;
    /** No encoder makes more scans by itself. */
    private static final int USUAL_SCANS = 20;
    /**
     * Pixels of all scans together, where there are more scans than usual. A scan takes no more than ten bytes, and its reader up to
     * a nanosecond for a pixel: thousands of them in a small file would take hours.
     */
    private static final long MAX_SCANNED_PIXELS = 4_000_000_000L;
    private static final String REMEDY = "Replace the file or take it out of the data set.";

    private final UsualJpegDecoder usualJpeg = new UsualJpegDecoder();
    private final JpegDecoder jpeg = new JpegDecoder();
    private final PngDecoder png = new PngDecoder();
    private byte[] data = new byte[1 << 18];

    /** A step of decoding; what goes wrong in it is the file's fault. */
    private interface Step<T> {

        T take() throws IOException;
    }

    /** A file that was read; until the next one is opened. */
    final class Source {

        private final Path file;
        private final int size;
        private final ImageHeader header;

        private Source(Path file) {
            this.file = file;
            this.size = read(file);
            this.header = naming(this, () -> parse(file, size));
        }

        int width() {
            return header.width();
        }

        int height() {
            return header.height();
        }

        /** Decodes only what is needed of a part, gray or RGB, if that is possible; the columns live as long as this object. */
        Optional<PixelColumns> columns(CropBox part) {
            return naming(this, () -> header instanceof JpegHeader usual ? usualJpeg.decode(usual, data, size, part) : Optional.empty());
        }

        /**
         * Decodes the whole picture.
         *
         * @throws BadImageException if the file is truncated, or no picture
         */
        Picture picture() {
            return naming(this, () -> header instanceof JpegHeader h ? jpeg.decode(h, data, size) : png.decode((PngHeader) header, data, size));
        }
    }

    /**
     * Reads a JPEG or PNG file up to its pixels.
     *
     * @throws BadImageException if the file is missing, empty, truncated, too large, or no such picture
     */
    Source open(Path file) {
        return new Source(file);
    }

    private static <T> T naming(Source source, Step<T> step) {
        try {
            return step.take();
        } catch (EOFException e) {
            throw new BadImageException(Defect.TRUNCATED_IMAGE, source.file, "is truncated: its " + source.size
                    + " bytes end before the picture does", REMEDY, e);
        } catch (OutOfMemoryError e) {
            throw new BadImageException(Defect.UNREADABLE_IMAGE, source.file, "needs more memory than the " + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MB that Java has", "Shrink it, take it out of the data set, or raise the limit: JAVA_OPTS=-Xmx8g", e);
        } catch (IOException | RuntimeException e) {
            if (e instanceof DataException designed) {
                throw designed;
            }
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new BadImageException(Defect.UNDECODABLE_IMAGE, source.file, "cannot be decoded: " + reason, REMEDY, e);
        }
    }

    private ImageHeader parse(Path file, int size) throws IOException {
        ImageHeader header = ImageHeader.read(data, size).orElseThrow(() -> noPicture(file, size));
        checkPixels(file, header.width(), header.height());
        checkSize(header.leastBytes(), size);
        if (header instanceof JpegHeader jpeg) {
            checkScans(file, jpeg);
        }
        return header;
    }

    private BadImageException noPicture(Path file, int size) {
        return ForeignFile.of(ByteBuffer.wrap(data, 0, size))
                .map(kind -> new BadImageException(Defect.NO_IMAGE, file, "is " + kind.words(), kind.remedy() + "."))
                .orElseGet(() -> new BadImageException(Defect.OTHER_FORMAT, file, "is neither JPEG nor PNG: it starts with the bytes "
                        + HexFormat.ofDelimiter(" ").formatHex(data, 0, Math.min(8, size)), "Convert it to one of them."));
    }

    static boolean isDecodable(int width, int height) {
        return (long) width * height <= MAX_PIXELS && Math.max(width, height) <= MAX_SIDE;
    }

    private static void checkPixels(Path file, int width, int height) {
        if ((long) width * height > MAX_PIXELS) {
            throw new BadImageException(Defect.TOO_LARGE_IMAGE, file, "claims " + width + " x " + height + " = " + (long) width * height
                    + " pixels; at most " + MAX_PIXELS + " are decoded", REMEDY);
        }
        if (Math.max(width, height) > MAX_SIDE) {
            throw new BadImageException(Defect.TOO_LARGE_IMAGE, file, "claims " + width + " x " + height + " pixels; at most " + MAX_SIDE
                    + " in a row or column are decoded", REMEDY);
        }
    }

    /** A few bytes that claim many pixels would have them allocated. */
    private static void checkSize(long leastBytes, int size) throws EOFException {
        if (leastBytes > size) {
            throw new EOFException();
        }
    }

    private static void checkScans(Path file, JpegHeader header) {
        long pixels = (long) header.width() * header.height() * header.scans();
        if (header.scans() > USUAL_SCANS && pixels > MAX_SCANNED_PIXELS) {
            throw new BadImageException(Defect.TOO_LARGE_IMAGE, file, "of " + header.width() + " x " + header.height() + " pixels has " + header.scans()
                    + " scans, which would take very long to decode; encoders write about 10", REMEDY);
        }
    }

    /** Fills the buffer with the file and returns its size. */
    private int read(Path file) {
        if (!Files.exists(file)) {
            throw new BadImageException(Defect.MISSING_IMAGE, file, "does not exist", "Check the image folder, or take the image out of the data set.");
        }
        if (!Files.isRegularFile(file)) {
            throw new BadImageException(Defect.NOT_A_FILE, file, "is not a regular file", REMEDY);
        }
        try (InputStream in = Files.newInputStream(file)) {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw new BadImageException(Defect.TOO_LARGE_IMAGE, file, "has " + size + " bytes; less than 2 GiB were expected", REMEDY);
            }
            if (size > data.length) {
                data = new byte[(int) Math.min(MAX_BYTES, size + size / 4)];
            }
            int count = in.readNBytes(data, 0, (int) size);
            if (count == 0) {
                throw new BadImageException(Defect.EMPTY_IMAGE, file, "is empty (0 bytes)", REMEDY);
            }
            return count;
        } catch (IOException e) {
            throw new BadImageException(Defect.UNREADABLE_IMAGE, file, "cannot be read: " + FileProblem.of(e), "Check the file's permissions and the disk.", e);
        }
    }

    @Override
    public void close() {
        png.close();
    }
}
