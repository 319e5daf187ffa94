package ai.modx.report;

import ai.modx.config.ConfigException;
import ai.modx.eval.RetrievalReport;
import ai.modx.train.FinishedPhases;
import ai.modx.train.RunFolder;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All that a run wrote down of itself.
 *
 * @param name   what the page calls it
 * @param folder where it lies
 * @param parts  one; of a run in phases one for each phase in order
 * @param notes  sentences about files that are missing or damaged
 */
public record RunLog(String name, Path folder, List<Part> parts, List<String> notes) {

    /** What tells steps in the log of training, counted from 1. */
    private static final String STEP_OF_TRAINING = "global_step";
    /** And in the log of linear evaluation, counted from 0. */
    private static final String STEP_OF_PROBE = "step";
    private static final String EPOCH = "epoch";

    /** So many words fit beside one another into a chart. */
    private static final int FEW_PHASES = 6;

    /** Numbers that say when a line was written. */
    private static final Set<String> PLACES = Set.of(STEP_OF_TRAINING, STEP_OF_PROBE, EPOCH, "time");

    /**
     * One folder with logs.
     *
     * @param number      of the phase, counted from 1; 0 for a run without phases
     * @param description the settings, run.json
     * @param steps       of training
     * @param evaluations of retrieval
     * @param epochs      of linear evaluation, with their accuracies
     */
    record Part(int number, JsonNode description, Columns steps, List<Evaluation> evaluations, Columns epochs) {

        /** Where each line was written: the number of its step. */
        double[] places() {
            return steps.of(steps.keys().contains(STEP_OF_TRAINING) ? STEP_OF_TRAINING : STEP_OF_PROBE);
        }

        /** The number of the last step; 0 if there is none. */
        double lastStep() {
            return Arrays.stream(places()).max().orElse(0);
        }
    }

    /** The retrieval results after a step. */
    record Evaluation(double step, RetrievalReport report) {}

    public RunLog {
        parts = List.copyOf(parts);
        notes = List.copyOf(notes);
    }

    /**
     * Reads what there is.
     *
     * @throws ConfigException if the folder holds no run
     */
    public static RunLog read(String name, Path folder) {
        List<String> notes = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        RunFolder whole = new RunFolder(folder, folder);
        List<Integer> phases = FinishedPhases.numbers(folder);
        if (phases.isEmpty() && Stream.of(whole.description(), whole.metrics(), whole.stats()).noneMatch(Files::exists)) {
            throw new ConfigException(folder + (Files.isDirectory(folder) ? " holds no run: there is no " + whole.metrics().getFileName() + ", "
                    + whole.stats().getFileName() + " or phase_1" : Files.exists(folder) ? " is a file" : " does not exist")
                    + ". Expected the --train_dir of a training command or the --checkpoint-dir of linear-eval");
        }
        phases.forEach(number -> parts.add(part(number, whole.phase(number), notes)));
        if (phases.isEmpty()) {
            parts.add(part(0, whole, notes));
        }
        return new RunLog(name, folder, parts, notes);
    }

    private static Part part(int number, RunFolder folder, List<String> notes) {
        JsonNode description = new JsonLines(folder.description(), notes).whole();
        Columns steps = new Columns();
        Columns epochs = new Columns();
        List<Evaluation> evaluations = new ArrayList<>();
        if (number > 0 || description.has("command") || Files.exists(folder.metrics())) {
            new JsonLines(folder.metrics(), notes).forEach(0, line -> steps.add(require(line, STEP_OF_TRAINING)));
        } else {
            new JsonLines(folder.stats(), notes).forEach(1, line -> { // after the command line
                boolean accuracy = line.has("acc1");
                (accuracy ? epochs : steps).add(require(line, accuracy ? EPOCH : STEP_OF_PROBE));
            });
        }
        if (Files.exists(folder.evaluations())) {
            new JsonLines(folder.evaluations(), notes).forEach(0, line -> evaluations.add(
                    new Evaluation(require(line, STEP_OF_TRAINING).get(STEP_OF_TRAINING).doubleValue(), RetrievalReport.of(line.path("retrieval")))));
        }
        return new Part(number, description, steps, List.copyOf(evaluations), epochs);
    }

    private static JsonNode require(JsonNode line, String key) {
        if (!line.path(key).isNumber()) {
            throw new IllegalArgumentException("there is no number '" + key + "'");
        }
        return line;
    }

    /** Names of the numbers that are logged for every step. */
    List<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        parts.forEach(part -> keys.addAll(part.steps().keys()));
        keys.removeAll(PLACES);
        return List.copyOf(keys);
    }

    /** A logged number over the steps of all phases, those of each counted on from the phase before. */
    Series series(String key, int colour) {
        return new Series(key, over((part, before) -> Arrays.stream(part.places()).map(step -> before + step).toArray()),
                over((part, before) -> part.steps().of(key)), colour);
    }

    /** What was found after each epoch of linear evaluation, epochs counted from 1. */
    Series accuracy(String key, int colour) {
        Columns epochs = parts.get(0).epochs();
        return new Series(key, Arrays.stream(epochs.of(EPOCH)).map(epoch -> epoch + 1).toArray(), epochs.of(key), colour);
    }

    /** All evaluations, with steps counted in the same way. */
    List<Evaluation> evaluations() {
        List<Evaluation> all = new ArrayList<>();
        double before = 0;
        for (Part part : parts) {
            for (Evaluation evaluation : part.evaluations()) {
                all.add(new Evaluation(before + evaluation.step(), evaluation.report()));
            }
            before += part.lastStep();
        }
        return all;
    }

    /** Where phases begin. */
    List<LineChart.Mark> marks() {
        List<LineChart.Mark> marks = new ArrayList<>();
        double before = 0;
        for (Part part : parts) {
            if (part.number() > 0) {
                marks.add(new LineChart.Mark(before, (parts.size() > FEW_PHASES ? "" : "phase ") + part.number()));
            }
            before += part.lastStep();
        }
        return marks;
    }

    /** Something of each part; it is told how many steps came before. */
    private interface OfPart {

        double[] of(Part part, double before);
    }

    private double[] over(OfPart what) {
        List<double[]> pieces = new ArrayList<>();
        double before = 0;
        for (Part part : parts) {
            pieces.add(what.of(part, before));
            before += part.lastStep();
        }
        return pieces.stream().flatMapToDouble(Arrays::stream).toArray();
    }
}
