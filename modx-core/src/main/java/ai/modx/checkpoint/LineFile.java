package ai.modx.checkpoint;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A text file that grows by lines while a run goes on. A run that is continued opens it at the place that its checkpoint knows;
 * what was written after that, perhaps half a line, is cut off.
 */
public final class LineFile implements AutoCloseable {

    private final Path file;
    private final FileChannel channel;

    private LineFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Where a file is to be cut. */
    @FunctionalInterface
    private interface End {
        long in(FileChannel channel) throws IOException;
    }

    /**
     * Opens a file, which is made if there is none, and keeps its first lines, or as many of them as there are.
     *
     * @throws SaveException if it cannot be written
     */
    public static LineFile afterLines(Path file, long lines) {
        return open(file, channel -> endOfLines(channel, lines));
    }

    /**
     * Opens a file, which is made if there is none, and keeps its first bytes, or as many of them as there are.
     *
     * @throws SaveException if it cannot be written
     */
    public static LineFile afterBytes(Path file, long bytes) {
        return open(file, channel -> Math.min(bytes, channel.size()));
    }

    private static LineFile open(Path file, End end) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            long kept = end.in(channel);
            return new LineFile(file, channel.truncate(kept).position(kept));
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

    private static long endOfLines(FileChannel channel, long lines) throws IOException {
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel)); // closing it would close the channel
        long end = 0;
        long found = 0;
        for (int next = 0; found < lines && (next = in.read()) >= 0; end++) {
            found += next == '\n' ? 1 : 0;
        }
        return end;
    }

    /** @throws SaveException if the line cannot be written */
    public void append(String line) {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
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
     * @return how many bytes that is
     * @throws SaveException if the disk refuses
     */
    public long force() {
        try {
            channel.force(false);
            return channel.size();
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
