package ai.modx.cli;

import ai.modx.config.ConfigException;
import ai.modx.eval.CheckpointEvaluation;
import ai.modx.eval.EvaluationSet;
import ai.modx.eval.EvaluationSource;
import ai.modx.eval.MethodComparison;
import ai.modx.eval.RetrievalEvaluation;
import ai.modx.eval.RetrievalReport;
import ai.modx.text.ClipTokenizer;
import ai.modx.train.RunFolder;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code modx retrieval}: how well models find images by captions and captions by images. */
@Command(name = "retrieval",
        header = "Evaluates image-text retrieval, of one checkpoint or of whole runs in phases.",
        description = {
            "One checkpoint: a table of recalls and ranks.",
            "Several: the results after every phase, with forgetting, backward transfer and average, and a table of all methods.",
            "Every image and every caption is encoded once; of equal scores, the wrong answer comes first."
        })
final class RetrievalCommand implements Callable<Integer> {

    /** Base name of the files in {@code --out_dir}. */
    private static final String RESULTS = "retrieval";

    @Spec
    private CommandSpec spec;

    @Mixin
    private RecipeOption recipe;

    @Mixin
    private EvaluatedCheckpoints checkpoints;

    @Mixin
    private EvaluationOptions evaluation;

    @ArgGroup(validate = false, order = 46, heading = "%nResults:%n")
    private final Results results = new Results();

    @Mixin
    private ModelOptions model;

    @Mixin
    private ComputingOptions computing;

    private static final class Results {

        @Option(names = "--folds", defaultValue = "1", paramLabel = "N",
                description = "also the mean over N parts of the images; 5 gives COCO's \"1K test\" (default: ${DEFAULT-VALUE}, none)")
        private int folds;

        @Option(names = "--new_data", paramLabel = "NAME",
                description = "name of the data set that the phases train on, repeatable; the others can only be forgotten")
        private List<String> newData = List.of();

        @Option(names = "--out", paramLabel = "FILE.json", description = "file for the results of one checkpoint")
        private Optional<Path> file = Optional.empty();

        @Option(names = "--out_dir", paramLabel = "DIR", description = "folder for the results of several: " + RESULTS + ".txt, .json, .csv and .png")
        private Optional<Path> folder = Optional.empty();
    }

    @Override
    public Integer call() {
        requireSources();
        List<CheckpointEvaluation.Series> methods = checkpoints.series();
        boolean single = checkpoints.single();
        if (single && results.folder.isPresent()) {
            throw new ConfigException("--out_dir is for several checkpoints. Write the results of one with --out FILE.json");
        }
        if (!single && results.file.isPresent()) {
            throw new ConfigException("--out is for one checkpoint. Write the results of several with --out_dir DIR");
        }
        results.file.ifPresent(file -> OutputPath.requireFile("--out", file, ".json"));
        results.folder.ifPresent(folder -> RunFolder.requireWritable("--out_dir", folder));
        CheckpointEvaluation checkpointEvaluation = checkpointEvaluation();
        PrintWriter out = spec.commandLine().getOut();
        if (single) {
            RetrievalReport report = checkpointEvaluation.evaluate(methods.get(0).stages().values().iterator().next());
            out.print(report.toText());
            results.file.ifPresent(report::write);
        } else {
            MethodComparison comparison = checkpointEvaluation.compare(methods, new LinkedHashSet<>(results.newData));
            out.print(comparison.toFullText());
            results.folder.ifPresent(folder -> comparison.write(folder, RESULTS));
        }
        return ExitCode.DONE;
    }

    private void requireSources() {
        computing.check();
        FlagBounds.atLeast("--folds", results.folds, 1);
        List<EvaluationSource> sources = evaluation.sources();
        if (sources.isEmpty()) {
            throw new ConfigException("Nothing to evaluate on: give --eval_name, --eval_annotation_file and --eval_img_dir");
        }
        List<String> names = sources.stream().map(EvaluationSource::name).toList();
        for (String name : results.newData) {
            if (!names.contains(name)) {
                throw new ConfigException("--new_data " + name + ": expected one of the names of --eval_name, " + String.join(", ", names));
            }
        }
    }

    private CheckpointEvaluation checkpointEvaluation() {
        List<EvaluationSet> sets = evaluation.read();
        return new CheckpointEvaluation(new RetrievalEvaluation(sets, ClipTokenizer.load(), computing.settings(), results.folds), this::read,
                computing.computation(), computing.devices());
    }

    private CheckpointEvaluation.Model read(Path checkpoint) {
        LoadedModel loaded = LoadedModel.read(checkpoint, model);
        return new CheckpointEvaluation.Model(loaded.config(), loaded.checkpoint().model());
    }
}
