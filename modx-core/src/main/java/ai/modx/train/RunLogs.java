package ai.modx.train;

import ai.modx.checkpoint.LineFile;
import ai.modx.config.FileProblem;
import ai.modx.config.ShellWords;
import ai.modx.eval.RetrievalReport;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A run's logs: {@code stats.txt} with the lines of the original, and {@code metrics.jsonl} with one strict JSON object
 * per optimizer step, and {@code eval.jsonl} with one per evaluation; and the same numbers for TensorBoard, if that is asked for.
 */
final class RunLogs implements AutoCloseable {

    /** The original writes the losses of every fifth epoch only; readers of its files expect that. */
    private static final int STATS_EVERY_EPOCHS = 5;

    /** The command line and the settings. */
    private static final int STATS_HEAD_LINES = 2;

    private static final String RSUM = "rsum";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final LineFile stats;
    private final LineFile metrics;
    private final Optional<Evaluations> evaluations;
    private final Optional<TensorBoardLog> tensorBoard;

    private RunLogs(LineFile stats, LineFile metrics, Optional<Evaluations> evaluations, Optional<TensorBoardLog> tensorBoard) {
        this.stats = stats;
        this.metrics = metrics;
        this.evaluations = evaluations;
        this.tensorBoard = tensorBoard;
    }

    /**
     * Opens the logs and cuts them to what they held after a step: what a run wrote after its last checkpoint is written
     * anew when it is continued from there.
     */
    static RunLogs open(TrainingJob job, TrainingPlan plan) {
        RunFolder folder = job.folder();
        long stepsTaken = job.start().globalStep();
        try {
            Map<Boolean, Long> kept = stepsByStats(folder.metrics(), stepsTaken);
            long statsLines = stepsTaken == 0 ? 0 : STATS_HEAD_LINES + kept.get(true);
            Optional<Evaluations> evaluations = Evaluations.open(job, plan);
            return new RunLogs(LineFile.afterLines(folder.stats(), statsLines), LineFile.afterLines(folder.metrics(), kept.get(true) + kept.get(false)),
                    evaluations, TensorBoardLog.open(folder.logs(), job.settings().tensorBoard(), stepsTaken,
                            evaluations.map(Evaluations::lastStep).orElse(0L)));
        } catch (IOException e) {
            throw new UncheckedIOException("The logs in " + folder.logs() + " cannot be read: " + FileProblem.of(e), e);
        }
    }

    /**
     * The log of evaluations, of a run that has any.
     *
     * @param lastStep that was evaluated, of those taken
     * @param lacking  whether the one that is due after the last step taken is missing
     * @param best     the highest sum of recalls up to that step
     */
    private record Evaluations(LineFile file, long lastStep, boolean lacking, OptionalDouble best) {

        static Optional<Evaluations> open(TrainingJob job, TrainingPlan plan) throws IOException {
            Path file = job.folder().evaluations();
            long stepsTaken = job.start().globalStep();
            List<String> kept;
            try (Stream<String> lines = linesUpTo(stepsTaken, file)) {
                kept = lines.toList();
            }
            if (job.evaluation().isEmpty() && kept.isEmpty()) {
                return Optional.empty();
            }
            boolean due = stepsTaken > 0 && job.evaluation().map(evaluation -> evaluation.due(plan, stepsTaken, job.lastStep())).orElse(false);
            long lastStep = kept.stream().mapToLong(RunLogs::stepOf).max().orElse(0);
            OptionalDouble best = kept.stream().flatMapToDouble(line -> node(line, RSUM).stream().mapToDouble(JsonNode::asDouble)).max();
            return Optional.of(new Evaluations(LineFile.afterLines(file, kept.size()), lastStep, due && lastStep < stepsTaken, best));
        }
    }

    /**
     * The lines of a log up to a step, counted by what they say: a continued run may be evaluated at other times than before, and
     * the log of one that was continued in another folder begins in its middle.
     */
    private static Stream<String> linesUpTo(long step, Path file) throws IOException {
        return Files.exists(file)
                ? Files.lines(file, StandardCharsets.ISO_8859_1).takeWhile(line -> stepOf(line) <= step) // no bytes are malformed in it
                : Stream.empty();
    }

    private static long stepOf(String line) {
        return number(line, "global_step").orElse(Long.MAX_VALUE);
    }

    /** How many of the steps up to one are in stats.txt as well, going by the epochs they were taken in, and how many are not. */
    private static Map<Boolean, Long> stepsByStats(Path metrics, long step) throws IOException {
        try (Stream<String> lines = linesUpTo(step, metrics)) {
            return lines.collect(Collectors.partitioningBy(line -> number(line, "epoch").stream().anyMatch(RunLogs::inStats), Collectors.counting()));
        }
    }

    /** A whole number in a line of JSON; empty if it is not there. */
    static OptionalLong number(String line, String key) {
        return node(line, key).map(JsonNode::asLong).map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    /** A number in a line of JSON; empty if the line was cut off while it was written. */
    private static Optional<JsonNode> node(String line, String key) {
        try {
            return Optional.of(JSON.readTree(line).path(key)).filter(JsonNode::isNumber);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static boolean inStats(long epoch) {
        return epoch % STATS_EVERY_EPOCHS == 0;
    }

    /** The two lines at the head of the original's stats.txt, unless they are there: the command and the effective settings. */
    void started(List<String> arguments, Map<String, Object> settings) {
        if (stats.isEmpty()) {
            stats.append(ShellWords.join(arguments));
            stats.append(RunJson.line(settings));
        }
    }

    /** @param badImages met so far, if the run goes on without them */
    void stepped(StepRecord step, OptionalInt badImages) {
        Map<String, Object> metric = step.toMap();
        badImages.ifPresent(count -> metric.put("bad_images", count));
        metrics.append(RunJson.line(metric));
        tensorBoard.ifPresent(log -> log.trained(step.globalStep(), charted(metric)));
        if (inStats(step.epoch())) {
            Map<String, Object> original = new LinkedHashMap<>();
            original.put("Epoch", step.epoch());
            original.put("loss", step.loss());
            stats.append(RunJson.line(original));
        }
    }

    /** What is not an axis. */
    private static Map<String, Number> charted(Map<String, Object> metric) {
        Map<String, Number> numbers = new LinkedHashMap<>();
        metric.forEach((name, value) -> numbers.put(name, (Number) value));
        numbers.keySet().removeAll(List.of("epoch", "global_step"));
        return numbers;
    }

    /** A line of eval.jsonl: the retrieval results after a step. Written last: an evaluation that is not there is made again. */
    void evaluated(int epoch, long globalStep, RetrievalReport report) {
        tensorBoard.ifPresent(log -> {
            log.evaluated("retrieval", globalStep, report.scalars());
            log.force();
        });
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("epoch", epoch);
        line.put("global_step", globalStep);
        line.put(RSUM, report.rsum());
        try {
            line.put("retrieval", JSON.readTree(report.toJson()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        evaluations.orElseThrow().file.append(RunJson.line(line));
    }

    /** Whether the evaluation that was due after the last step of the interrupted run was cut off. */
    boolean lacksEvaluation() {
        return evaluations.map(Evaluations::lacking).orElse(false);
    }

    /** The highest sum of recalls that was logged before the run was interrupted. */
    OptionalDouble bestRsum() {
        return evaluations.map(Evaluations::best).orElseGet(OptionalDouble::empty);
    }

    /** Makes sure that everything written so far is on the disk. */
    void force() {
        stats.force();
        metrics.force();
        evaluations.ifPresent(all -> all.file.force());
        tensorBoard.ifPresent(TensorBoardLog::force);
    }

    @Override
    public void close() {
        try (stats; metrics; LineFile third = evaluations.map(Evaluations::file).orElse(metrics); TensorBoardLog fourth = tensorBoard.orElse(null)) {
            // all are closed, whatever happens to one; a null is passed over
        }
    }
}
