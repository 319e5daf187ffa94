package ai.modx.data.image;

import ai.modx.data.BadImageException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Tells most broken image files from whole ones without decoding them, by their first and last bytes. What does not look whole
 * is decoded, so that nothing is refused here that would load. Keeps its memory between images, and so belongs to one thread.
 */
public final class ImageGlance implements AutoCloseable {

    /** Bytes that are read first; headers are seldom longer. */
    private static final int HEAD = 1 << 14;
    private static final byte[] PNG_END = {0, 0, 0, 0, 'I', 'E', 'N', 'D', (byte) 0xae, 0x42, 0x60, (byte) 0x82};
    private static final byte[] JPEG_END = {(byte) 0xff, (byte) 0xd9};

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
                return PngHeader.isPng(data, head) ? png(channel, head, size) : JpegHeader.isJpeg(data, head) && jpeg(channel, head, size);
            } catch (EOFException e) {
                if (head == size) {
                    return false;
                }
            }
        }
    }

    private boolean png(FileChannel channel, int head, int size) throws IOException {
        PngHeader header = PngHeader.parse(data, head);
        header.mode(); // throws for what no PNG has
        return header.sound() && ImageDecoder.isDecodable(header.width(), header.height()) && header.leastBytes() <= size && ends(channel, size, PNG_END);
    }

    private boolean jpeg(FileChannel channel, int head, int size) throws IOException {
        JpegHeader header = JpegHeader.parse(data, head);
        return ImageDecoder.isDecodable(header.width(), header.height()) && header.leastBytes() <= size && ends(channel, size, JPEG_END);
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
