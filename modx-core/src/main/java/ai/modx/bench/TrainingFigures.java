package ai.modx.bench;

import ai.modx.config.FileProblem;
import ai.modx.data.DataException;
import ai.modx.kernels.OperationCount;
import ai.modx.model.ModelConfig;
import ai.modx.model.ModelTable;
import ai.modx.model.Precision;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * How fast a training run was, by its own {@code metrics.jsonl}.
 *
 * @param command        method
 * @param model          name in the model table
 * @param precision      of the arithmetic
 * @param devices        replicas
 * @param batch          pairs of a step, over all devices
 * @param shortTexts     whether captions were computed up to the longest of a batch only
 * @param seconds        median of a step, from batch on the host to updated weights, waiting for data included
 * @param dataSeconds    median of waiting for data, of it
 * @param operations     of a step, where they are known: with all tokens computed
 * @param peakMemory     most bytes ever seen in the memory of what computes, see StepRecord; 0 where the system does not tell
 */
record TrainingFigures(
        String command, String model, Precision precision, int devices, int batch, boolean shortTexts, double seconds, double dataSeconds,
        OptionalDouble operations, long peakMemory) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads a run.
     *
     * @param folder with run.json and metrics.jsonl
     * @param warmUp steps to leave out at the beginning
     * @throws DataException if it holds no run, or one of too few steps
     */
    static TrainingFigures of(Path folder, int warmUp, ModelTable table) {
        try (Stream<String> lines = Files.lines(folder.resolve("metrics.jsonl"))) {
            JsonNode run = JSON.readTree(folder.resolve("run.json").toFile());
            JsonNode[] steps = lines.skip(warmUp).map(TrainingFigures::parsed).toArray(JsonNode[]::new);
            if (steps.length == 0) {
                throw new DataException(folder + " has no more than " + warmUp + " steps; nothing is left to measure");
            }
            ModelConfig model = table.get(run.path("model_name").asText());
            boolean shortTexts = run.path("short_texts").asBoolean();
            int batch = run.path("global_batch").asInt() * run.path("gradient_accumulation_steps").asInt();
            OptionalDouble operations = shortTexts ? OptionalDouble.empty()
                    : OptionalDouble.of(OperationCount.of(model, model.contextLength()).step(batch));
            return new TrainingFigures(run.path("command").asText(), run.path("model_name").asText(),
                    Precision.valueOf(run.path("precision").asText().toUpperCase(Locale.ROOT)), run.path("devices").asInt(), batch, shortTexts,
                    median(steps, "step_s"), median(steps, "data_s"), operations, steps[steps.length - 1].path("peak_memory_mb").asLong() << 20);
        } catch (IOException e) {
            throw new DataException(folder + " holds no training run: " + FileProblem.of(e), e);
        }
    }

    double pairsPerSecond() {
        return batch / seconds;
    }

    private static double median(JsonNode[] steps, String key) {
        return Median.of(Stream.of(steps).mapToDouble(step -> step.path(key).asDouble()).toArray());
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new DataException("metrics.jsonl has a line that is not JSON: " + e.getMessage(), e);
        }
    }
}
