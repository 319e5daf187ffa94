package ai.modx.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A text file that grows by lines while a run goes on. What was written after the lines that stay, perhaps half a line, is cut off. */
public final class LineFile implements AutoCloseable {

    private final GrowingFile file;
    private long lines;

    private LineFile(GrowingFile file, long lines) {
        this.file = file;
        this.lines = lines;
    }

    /**
     * Opens a file, which is made if there is none, and keeps its first lines, or as many of them as there are.
     *
     * @throws SaveException if it cannot be written
     */
    public static LineFile afterLines(Path file, long lines) {
        FirstLines first = new FirstLines(lines);
        return new LineFile(GrowingFile.open(file, first), first.found);
    }

    private static final class FirstLines implements GrowingFile.Cut {

        private final long most;
        private long found;

        FirstLines(long most) {
            this.most = most;
        }

        @Override
        public long after(InputStream in) throws IOException {
            long end = 0;
            long read = 0;
            while (found < most) {
                int next = in.read();
                if (next < 0) {
                    break; // what follows the last end of a line is no whole line
                }
                read++;
                if (next == '\n') {
                    found++;
                    end = read;
                }
            }
            return end;
        }
    }

    /** Whether no line was kept or written. */
    public boolean isEmpty() {
        return lines == 0;
    }

    /** @throws SaveException if the line cannot be written */
    public void append(String line) {
        file.append(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
        lines++;
    }

    /**
     * Makes sure that everything is on the disk.
     *
     * @return how many lines that is
     * @throws SaveException if the disk refuses
     */
    public long force() {
        file.force();
        return lines;
    }

    @Override
    public void close() {
        file.close();
    }
}
