package ai.modx.lineareval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** {@code stats.txt}: one JSON object a line, after the command line. */
final class ProbeLogs implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final FileChannel stats;

    /** @param bytes how much of an earlier file stays: what was written after the last checkpoint is written anew */
    ProbeLogs(Path file, long bytes) {
        try {
            stats = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            stats.truncate(bytes).position(stats.size());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be opened: " + e.getMessage(), e);
        }
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    void line(String text) {
        ByteBuffer bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                stats.write(bytes);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Makes sure that everything is on the disk, and says how much it is. */
    long force() {
        try {
            stats.force(false);
            return stats.size();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static UncheckedIOException failed(IOException e) {
        return new UncheckedIOException("stats.txt cannot be written: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            stats.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
