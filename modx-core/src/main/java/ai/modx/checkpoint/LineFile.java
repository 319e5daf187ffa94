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
    private long lines;

    private LineFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens a file, which is made if there is none, and keeps its first lines, or as many of them as there are.
     *
     * @throws SaveException if it cannot be written
     */
    public static LineFile afterLines(Path file, long lines) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            LineFile opened = new LineFile(file, channel);
            opened.cutAfter(lines);
            return opened;
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

    private void cutAfter(long most) throws IOException {
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel)); // closing it would close the channel
        long end = 0;
        long read = 0;
        while (lines < most) {
            int next = in.read();
            if (next < 0) {
                break; // what follows the last end of a line is no whole line
            }
            read++;
            if (next == '\n') {
                lines++;
                end = read;
            }
        }
        channel.truncate(end).position(end);
    }

    /** Whether no line was kept or written. */
    public boolean isEmpty() {
        return lines == 0;
    }

    /** @throws SaveException if the line cannot be written */
    public void append(String line) {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            lines++;
        } catch (IOException e) {
            throw refused(file, e);
        }
    }

    /**
     * Makes sure that everything is on the disk.
     *
     * @return how many lines that is
     * @throws SaveException if the disk refuses
     */
    public long force() {
        try {
            channel.force(false);
            return lines;
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
