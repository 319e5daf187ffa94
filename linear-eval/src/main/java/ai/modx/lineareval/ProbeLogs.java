package ai.modx.lineareval;

import ai.modx.checkpoint.LineFile;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;

/** {@code stats.txt}: one JSON object a line, after the command line. */
final class ProbeLogs implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final LineFile stats;

    /** @param lines how much of an earlier file stays: what was written after the last checkpoint is written anew */
    ProbeLogs(Path file, long lines) {
        stats = LineFile.afterLines(file, lines);
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    void line(String text) {
        stats.append(text);
    }

    /** Makes sure that everything is on the disk, and says how many lines that is. */
    long force() {
        return stats.force();
    }

    @Override
    public void close() {
        stats.close();
    }
}
