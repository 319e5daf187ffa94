package ai.modx.data.image;

import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;

/** What a picture file says before its pixels. Here alone it is decided, by the content, what kind of picture a file holds. */
sealed interface ImageHeader permits JpegHeader, PngHeader {

    /**
     * Reads the header of a file.
     *
     * @param size of the data
     * @return nothing if this is neither JPEG nor PNG
     * @throws EOFException if the data end before the pixels
     * @throws IOException  if the picture cannot be decoded
     */
    static Optional<ImageHeader> read(byte[] data, int size) throws IOException {
        if (PngHeader.isPng(data, size)) {
            return Optional.of(PngHeader.parse(data, size));
        }
        return JpegHeader.isJpeg(data, size) ? Optional.of(JpegHeader.parse(data, size)) : Optional.empty();
    }

    /** Columns. */
    int width();

    /** Rows. */
    int height();

    /** The fewest bytes that such a picture can take. */
    long leastBytes();

    /** Whether its checksums are right, as far as it has any. */
    boolean sound();

    /** The last bytes of a whole file; others may follow. */
    byte[] end();
}
