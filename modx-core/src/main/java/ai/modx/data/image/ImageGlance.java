package ai.modx.data.image;

import ai.modx.config.FileProblem;
import ai.modx.data.BadImageException;
import ai.modx.data.Defect;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Tells most broken image files from whole ones without decoding them, by their first and last bytes. What does not look whole
 * is decoded, so that nothing is refused here that would load. Keeps its memory between images, and so belongs to one thread.
 */
public final class ImageGlance implements AutoCloseable {

    /** Bytes that are read first; headers are seldom longer. */
    private static final int HEAD = 1 << 14;

    private final ImageDecoder decoder = new ImageDecoder();
    private byte[] data = new byte[HEAD];

    /**
     * Looks at a file.
     *
     * @throws BadImageException if it cannot be decoded; damage in its middle is not seen
     */
    public void inspect(Path file) {
        if (!looksWhole(file)) {
            decoder.open(file).picture();
        }
    }

    /**
     * Looks for pictures whose light parts are lost when they are loaded: Pillow's conversion to RGB does not scale 16-bit gray.
     *
     * @throws BadImageException for such a file, which can be decoded
     */
    public void requireFullRange(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            if (PngHeader.isDeepGray(data, in.readNBytes(data, 0, PngHeader.BYTES_OF_KIND))) {
                throw new BadImageException(Defect.CLIPPED_IMAGE, file,
                        "has gray of 16 bits, which is cut at 255, as by Pillow: nearly all of it is white", "Convert it to 8 bits.");
            }
        } catch (IOException e) {
            throw new BadImageException(Defect.UNREADABLE_IMAGE, file, "cannot be read: " + FileProblem.of(e), "Check the disk.", e);
        }
    }

    private boolean looksWhole(Path file) {
        if (!Files.isRegularFile(file)) {
            return false; // asked first: opening a pipe would wait
        }
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.size() <= ImageDecoder.MAX_BYTES && looksWhole(channel, (int) channel.size());
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private boolean looksWhole(FileChannel channel, int size) throws IOException {
        for (int head = Math.min(size, HEAD); ; head = size) {
            read(channel, 0, head);
            try {
                Optional<ImageHeader> header = ImageHeader.read(data, head);
                return header.isPresent() && isWhole(channel, header.get(), size);
            } catch (EOFException e) {
                if (head == size) {
                    return false;
                }
            }
        }
    }

    private boolean isWhole(FileChannel channel, ImageHeader header, int size) throws IOException {
        return header.sound() && ImageDecoder.isDecodable(header.width(), header.height()) && header.leastBytes() <= size
                && ends(channel, size, header.end());
    }

    private boolean ends(FileChannel channel, int size, byte[] end) throws IOException {
        read(channel, size - end.length, end.length);
        return Arrays.equals(data, 0, end.length, end, 0, end.length);
    }

    private void read(FileChannel channel, int position, int count) throws IOException {
        if (count > data.length) {
            data = new byte[count];
        }
        ByteBuffer target = ByteBuffer.wrap(data, 0, count);
        while (target.hasRemaining()) {
            if (channel.read(target, position + target.position()) < 0) {
                throw new IOException("the file became shorter while it was read");
            }
        }
    }

    @Override
    public void close() {
        decoder.close();
    }
}
