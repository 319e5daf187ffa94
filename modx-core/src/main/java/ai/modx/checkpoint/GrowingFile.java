package ai.modx.checkpoint;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that grows while a run goes on. A run that is continued opens it at the place that its checkpoint knows; what was written
 * after that is cut off.
 */
final class GrowingFile implements AutoCloseable {

    /** Finds the place. */
    @FunctionalInterface
    interface Cut {

        /**
         * @param in the file from its beginning
         * @return how many bytes stay
         */
        long after(InputStream in) throws IOException;
    }

    private final Path file;
    private final FileChannel channel;
    private final long kept;

    private GrowingFile(Path file, FileChannel channel, long kept) {
        this.file = file;
        this.channel = channel;
        this.kept = kept;
    }

    /**
     * Opens a file, which is made if there is none.
     *
     * @throws SaveException if it cannot be written
     */
    static GrowingFile open(Path file, Cut cut) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            long kept = cut.after(new BufferedInputStream(Channels.newInputStream(channel))); // closing it would close the channel
            channel.truncate(kept).position(kept);
            return new GrowingFile(file, channel, kept);
        } catch (IOException e) {
            closeAfter(e, channel);
            throw refused(file, e);
        }
    }

    private static void closeAfter(IOException e, FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException second) {
                e.addSuppressed(second);
            }
        }
    }

    /** How many bytes it had when it was opened, after the cut. */
    long kept() {
        return kept;
    }

    /** @throws SaveException if the bytes cannot be written */
    void append(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw refused(file, e);
        }
    }

    /**
     * Makes sure that everything is on the disk.
     *
     * @throws SaveException if the disk refuses
     */
    void force() {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw refused(file, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw refused(file, e);
        }
    }

    private static SaveException refused(Path file, IOException e) {
        return new SaveException("Cannot write " + file + ": " + SaveException.cause(e, file) + ". Checkpoints that were saved before are unchanged", e);
    }
}
