package ai.modx.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A run's logs: {@code stats.txt} with the lines of the original, and {@code metrics.jsonl} with one strict JSON object
 * per optimizer step. Every line is on its way to the disk when the method returns.
 */
final class RunLogs implements AutoCloseable {

    /** The original writes the losses of every fifth epoch only; readers of its files expect that. */
    private static final int STATS_EVERY_EPOCHS = 5;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final FileChannel stats;
    private final FileChannel metrics;

    private RunLogs(FileChannel stats, FileChannel metrics) {
        this.stats = stats;
        this.metrics = metrics;
    }

    /**
     * How long the logs are.
     *
     * @param stats   bytes of stats.txt
     * @param metrics bytes of metrics.jsonl
     */
    record Position(long stats, long metrics) {

        static final Position START = new Position(0, 0);
    }

    /**
     * Opens the logs and cuts them to a position: what a run wrote after its last checkpoint is written anew when it is
     * continued from there.
     */
    static RunLogs open(RunFolder folder, Position position) {
        try {
            FileChannel stats = FileChannel.open(folder.stats(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileChannel metrics = FileChannel.open(folder.metrics(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            seek(stats, position.stats);
            seek(metrics, position.metrics);
            return new RunLogs(stats, metrics);
        } catch (IOException e) {
            throw new UncheckedIOException("The logs in " + folder.logs() + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private static void seek(FileChannel channel, long position) throws IOException {
        channel.truncate(position);
        channel.position(channel.size());
    }

    /** The two lines at the head of the original's stats.txt: the command and the effective settings. */
    void started(List<String> arguments, Map<String, Object> settings) {
        line(stats, String.join(" ", arguments));
        line(stats, json(settings));
    }

    void stepped(StepRecord step) {
        line(metrics, json(step.toMap()));
        if (step.epoch() % STATS_EVERY_EPOCHS == 0) {
            Map<String, Object> original = new LinkedHashMap<>();
            original.put("Epoch", step.epoch());
            original.put("loss", step.loss());
            line(stats, json(original));
        }
    }

    /** Where the logs stand, after making sure that everything before is on the disk. */
    Position position() {
        try {
            stats.force(false);
            metrics.force(false);
            return new Position(stats.position(), metrics.position());
        } catch (IOException e) {
            throw new UncheckedIOException("The logs cannot be written: " + e.getMessage(), e);
        }
    }

    private static void line(FileChannel channel, String text) {
        ByteBuffer bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The logs cannot be written: " + e.getMessage(), e);
        }
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public void close() {
        try (stats; metrics) {
            // both are closed, whatever happens to the first
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
