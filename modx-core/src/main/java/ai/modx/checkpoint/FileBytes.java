package ai.modx.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of any size whose parts are mapped into memory, not read. A file below 2 GiB is mapped once, a larger one part by
 * part. The parts stay valid after {@link #close()}.
 */
final class FileBytes implements Closeable {

    private final FileChannel channel;
    private final long size;
    private final ByteBuffer whole;

    FileBytes(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.READ);
        size = channel.size();
        whole = size <= Integer.MAX_VALUE ? channel.map(MapMode.READ_ONLY, 0, size) : null;
    }

    long size() {
        return size;
    }

    /**
     * A little-endian view of a part of the file.
     *
     * @param what what the part is, for the error message
     * @throws FormatException if the part is not inside the file or has 2 GiB or more
     */
    ByteBuffer part(long offset, long length, String what) throws IOException {
        if (offset < 0 || length < 0 || offset > size - length) {
            throw new FormatException(what + " (" + length + " bytes at " + offset + ") lies outside the file of " + size
                    + " bytes; the file is damaged or cut off");
        }
        if (length > Integer.MAX_VALUE) {
            throw new FormatException(what + " has " + length + " bytes; at most 2 GiB are supported");
        }
        ByteBuffer part = whole == null
                ? channel.map(MapMode.READ_ONLY, offset, length)
                : whole.slice((int) offset, (int) length);
        return part.order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
