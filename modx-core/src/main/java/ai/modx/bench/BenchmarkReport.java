package ai.modx.bench;

import ai.modx.checkpoint.AtomicFile;
import ai.modx.eval.TextTable;
import ai.modx.model.ModelTable;
import ai.modx.model.Precision;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All figures of a benchmark, for people and for programs. */
public final class BenchmarkReport {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ModelTable table;
    private final Map<Precision, Double> peaks = new LinkedHashMap<>();
    private final List<TrainingFigures> runs = new ArrayList<>();
    private final List<Measurement> measurements = new ArrayList<>();

    public BenchmarkReport(ModelTable table) {
        this.table = table;
    }

    /** The rate to compare the training steps of a precision with, of {@link Benchmark#matmul}. */
    public void peak(Precision precision, Measurement measurement) {
        peaks.put(precision, measurement.value() * 1e9);
        add(measurement);
    }

    public void add(Measurement measurement) {
        measurements.add(measurement);
    }

    /**
     * Takes the steps of a training run.
     *
     * @param folder with run.json and metrics.jsonl
     * @param warmUp steps to leave out at the beginning
     */
    public void addRun(Path folder, int warmUp) {
        runs.add(TrainingFigures.of(folder, warmUp, table));
    }

    /** Models and precisions of the runs. */
    public Map<String, List<Precision>> models() {
        Map<String, List<Precision>> models = new LinkedHashMap<>();
        runs.forEach(run -> {
            List<Precision> precisions = models.computeIfAbsent(run.model(), name -> new ArrayList<>());
            if (!precisions.contains(run.precision())) {
                precisions.add(run.precision());
            }
        });
        return models;
    }

    /** Two tables. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        if (!runs.isEmpty()) {
            TextTable steps = new TextTable(List.of("training step", "precision", "devices", "batch", "tokens", "s", "of it data", "pairs/s", "of matmul peak", "peak MB"));
            runs.forEach(run -> steps.add(List.of(run.command() + " " + run.model(), run.precision().toString(), Integer.toString(run.devices()), Integer.toString(run.batch()),
                    run.shortTexts() ? "short" : "all", number("%.3f", run.seconds()), number("%.3f", run.dataSeconds()), number("%.2f", run.pairsPerSecond()), share(run),
                    run.peakMemory() == 0 ? "" : number("%,.0f", run.peakMemory() / 1e6))));
            text.append(steps).append('\n');
        }
        TextTable others = new TextTable(List.of("what", "figure", "unit"));
        measurements.forEach(measurement -> others.add(List.of(measurement.what(), number(measurement.value() < 10 ? "%.2f" : "%,.0f", measurement.value()), measurement.unit())));
        return text.append(others).toString();
    }

    private String share(TrainingFigures run) {
        Double peak = peaks.get(run.precision());
        return peak == null || run.operations().isEmpty() ? "" : number("%.0f %%", 100 * run.operations().getAsDouble() / run.seconds() / peak);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    /** {@code {"training": [...], "measurements": [...]}}. */
    public String toJson() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("training", runs.stream().map(this::json).toList());
        all.put("measurements", measurements);
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, Object> json(TrainingFigures run) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("command", run.command());
        json.put("model_name", run.model());
        json.put("precision", run.precision().toString());
        json.put("devices", run.devices());
        json.put("global_batch", run.batch());
        json.put("short_texts", run.shortTexts());
        json.put("step_s", run.seconds());
        json.put("data_s", run.dataSeconds());
        json.put("pairs_per_s", run.pairsPerSecond());
        run.operations().ifPresent(operations -> json.put("flop_per_s", operations / run.seconds()));
        json.put("peak_memory_mb", run.peakMemory() >> 20);
        return json;
    }

    /** Writes {@link #toJson} to a file. */
    public void write(Path file) {
        AtomicFile.write(file, (toJson() + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
