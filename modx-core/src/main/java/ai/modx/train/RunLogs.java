package ai.modx.train;

import ai.modx.eval.RetrievalReport;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A run's logs: {@code stats.txt} with the lines of the original, and {@code metrics.jsonl} with one strict JSON object
 * per optimizer step, and {@code eval.jsonl} with one per evaluation.
 */
final class RunLogs implements AutoCloseable {

    /** The original writes the losses of every fifth epoch only; readers of its files expect that. */
    private static final int STATS_EVERY_EPOCHS = 5;

    /** The command line and the settings. */
    private static final int STATS_HEAD_LINES = 2;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final FileChannel stats;
    private final FileChannel metrics;
    private final Optional<Evaluations> evaluations;

    private RunLogs(FileChannel stats, FileChannel metrics, Optional<Evaluations> evaluations) {
        this.stats = stats;
        this.metrics = metrics;
        this.evaluations = evaluations;
    }

    /**
     * Opens the logs and cuts them to what they held after a step: what a run wrote after its last checkpoint is written
     * anew when it is continued from there.
     */
    static RunLogs open(TrainingJob job, TrainingPlan plan) {
        RunFolder folder = job.folder();
        long stepsTaken = job.start().globalStep();
        try {
            long statsLines = stepsTaken == 0 ? 0 : STATS_HEAD_LINES + LongStream.range(0, stepsTaken).filter(step -> inStats(plan.epochOf(step))).count();
            return new RunLogs(openAfter(folder.stats(), statsLines), openAfter(folder.metrics(), stepsTaken), Evaluations.open(job, plan));
        } catch (IOException e) {
            throw new UncheckedIOException("The logs in " + folder.logs() + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /**
     * The log of evaluations, of a run that has any.
     *
     * @param lacking whether the one that is due after the last step taken is missing
     */
    private record Evaluations(FileChannel file, boolean lacking) {

        static Optional<Evaluations> open(TrainingJob job, TrainingPlan plan) throws IOException {
            Path file = job.folder().evaluations();
            long stepsTaken = job.start().globalStep();
            List<Long> steps = Files.exists(file) ? stepsIn(file, stepsTaken) : List.of();
            if (job.evaluation().isEmpty() && steps.isEmpty()) {
                return Optional.empty();
            }
            boolean due = stepsTaken > 0 && job.evaluation().map(evaluation -> evaluation.due(plan, stepsTaken)).orElse(false);
            return Optional.of(new Evaluations(openAfter(file, steps.size()), due && !steps.contains(stepsTaken)));
        }

        /** Evaluations are counted by what they say, since a continued run may be evaluated at other times than before. */
        private static List<Long> stepsIn(Path file, long stepsTaken) throws IOException {
            try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) { // no bytes are malformed in it
                return lines.map(Evaluations::stepOf).takeWhile(step -> step <= stepsTaken).toList();
            }
        }

        private static long stepOf(String line) {
            try {
                return JSON.readTree(line).path("global_step").asLong(Long.MAX_VALUE);
            } catch (JsonProcessingException e) {
                return Long.MAX_VALUE; // cut off while it was written
            }
        }
    }

    private static FileChannel openAfter(Path file, long lines) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        long end = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            long found = 0;
            for (int next = 0; found < lines && (next = in.read()) >= 0; end++) {
                found += next == '\n' ? 1 : 0;
            }
        }
        return channel.truncate(end).position(end);
    }

    private static boolean inStats(int epoch) {
        return epoch % STATS_EVERY_EPOCHS == 0;
    }

    /** The two lines at the head of the original's stats.txt: the command and the effective settings. */
    void started(List<String> arguments, Map<String, Object> settings) {
        line(stats, String.join(" ", arguments));
        line(stats, json(settings));
    }

    void stepped(StepRecord step) {
        line(metrics, json(step.toMap()));
        if (inStats(step.epoch())) {
            Map<String, Object> original = new LinkedHashMap<>();
            original.put("Epoch", step.epoch());
            original.put("loss", step.loss());
            line(stats, json(original));
        }
    }

    /** A line of eval.jsonl: the retrieval results after a step. */
    void evaluated(int epoch, long globalStep, RetrievalReport report) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("epoch", epoch);
        line.put("global_step", globalStep);
        try {
            line.put("retrieval", JSON.readTree(report.toJson()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        line(evaluations.orElseThrow().file, json(line));
    }

    /** Whether the evaluation that was due after the last step of the interrupted run was cut off. */
    boolean lacksEvaluation() {
        return evaluations.map(Evaluations::lacking).orElse(false);
    }

    /** Makes sure that everything written so far is on the disk. */
    void force() {
        try {
            stats.force(false);
            metrics.force(false);
            if (evaluations.isPresent()) {
                evaluations.get().file.force(false);
            }
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
        try (stats; metrics; FileChannel third = evaluations.map(Evaluations::file).orElse(metrics)) {
            // all are closed, whatever happens to one
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
