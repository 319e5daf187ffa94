package ai.modx.cli;

import ai.modx.config.ConfigException;
import ai.modx.eval.CheckpointEvaluation.Series;
import ai.modx.train.FinishedPhases;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The flags that say which checkpoints to evaluate, and what to call their results. */
final class EvaluatedCheckpoints {

    private static final String BEFORE = "before";
    /** Row of a method without phases. */
    private static final String END = "end";
    /** The method of checkpoints that are listed one by one. */
    private static final String LISTED = "checkpoints";

    @ArgGroup(validate = false, order = 10, heading = "%nModels:%n")
    private final Models models = new Models();

    private static final class Models {

        @Option(names = "--checkpoint_path", paramLabel = "FILE",
                description = "a checkpoint of any known format; given several times: before, after phase 1, after phase 2, ...")
        private List<Path> listed = new ArrayList<>();

        @Option(names = "--run", paramLabel = "[METHOD=]DIR", converter = MethodPathConverter.class,
                description = "a run in phases, repeatable: folder with phase_1/checkpoint_final.pt, phase_2/...; METHOD is what to call it "
                        + "(default: the folder's name)")
        private List<MethodPath> runs = new ArrayList<>();

        @Option(names = "--before", paramLabel = "FILE", description = "the checkpoint that phase 1 of the runs started from")
        private Optional<Path> before = Optional.empty();

        @Option(names = "--bound", paramLabel = "METHOD=FILE", converter = MethodPathConverter.class,
                description = "a checkpoint of a method without phases to compare with, repeatable; for example joint training on all data")
        private List<MethodPath> bounds = new ArrayList<>();
    }

    /** Picocli makes it by name. */
    private static final class MethodPathConverter implements ITypeConverter<MethodPath> {

        @Override
        public MethodPath convert(String text) {
            return MethodPath.parse(text);
        }
    }

    /** Whether it is one checkpoint alone. */
    boolean single() {
        return models.listed.size() == 1 && models.bounds.isEmpty();
    }

    /**
     * The checkpoints of all methods, runs first.
     *
     * @throws ConfigException if the flags do not belong together
     * @throws ai.modx.checkpoint.CheckpointException if a run is not there or not finished
     */
    List<Series> series() {
        if (models.listed.isEmpty() == models.runs.isEmpty()) {
            throw new ConfigException("Give what to evaluate: either --checkpoint_path, once or several times, or --run with --before");
        }
        if (models.runs.isEmpty() == models.before.isPresent()) {
            throw new ConfigException(models.runs.isEmpty() ? "--before is for --run. Among several --checkpoint_path, the first is the model before"
                    : "--run needs --before, the checkpoint that phase 1 started from");
        }
        List<Series> series = new ArrayList<>();
        if (!models.listed.isEmpty()) {
            series.add(new Series(LISTED, listed()));
        }
        models.runs.forEach(run -> series.add(new Series(run.method(), phases(run.path()))));
        models.bounds.forEach(bound -> series.add(new Series(bound.method(), Map.of(END, bound.path()))));
        Set<String> names = new HashSet<>();
        for (Series method : series) {
            if (!names.add(method.method())) {
                throw new ConfigException("Two methods are called " + method.method() + ". Name them: --run METHOD=DIR, --bound METHOD=FILE");
            }
        }
        return series;
    }

    private Map<String, Path> listed() {
        Map<String, Path> stages = new LinkedHashMap<>();
        models.listed.forEach(path -> stages.put(stages.isEmpty() ? BEFORE : "phase " + stages.size(), path));
        return stages;
    }

    private Map<String, Path> phases(Path folder) {
        Map<String, Path> stages = new LinkedHashMap<>();
        stages.put(BEFORE, models.before.orElseThrow());
        stages.putAll(FinishedPhases.in(folder));
        return stages;
    }
}
