package ai.modx.cli;

import ai.modx.config.ConfigException;
import ai.modx.data.StopRequest;
import ai.modx.eval.EvaluationSet;
import ai.modx.eval.EvaluationSource;
import ai.modx.eval.FeatureEncoder;
import ai.modx.eval.MethodComparison;
import ai.modx.parallel.ReplicaGroup;
import ai.modx.report.FoundImages;
import ai.modx.report.RunLog;
import ai.modx.report.RunReport;
import ai.modx.text.ClipTokenizer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code modx report}: a page about runs. */
@Command(name = "report",
        header = "Shows runs, one or several side by side, on one page for a browser.",
        description = {
            "Settings, figures and curves of training runs, runs in phases and linear evaluations, from their folders; what methods learned and forgot; "
            + "with a checkpoint and test data, the images that it finds for captions. The page needs no network. Runs may be unfinished."
        })
final class ReportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "[NAME=]RUN", converter = RunConverter.class,
            description = "folder of a run, or of all its phases; NAME is what to call it (default: the folder's name)")
    private List<MethodPath> runs;

    @Option(names = "--out", required = true, paramLabel = "FILE.html", description = "the page")
    private Path out;

    @Option(names = "--results", paramLabel = "FILE.json", description = "results after every phase: retrieval.json of 'modx retrieval --out_dir';"
            + " a method has the colour of the run that is called the same")
    private Optional<Path> results = Optional.empty();

    @Option(names = "--checkpoint_path", paramLabel = "FILE", description = "find images for captions of the test data with this model")
    private Optional<Path> checkpoint = Optional.empty();

    @Option(names = "--captions", defaultValue = "12", paramLabel = "N", description = "of how many captions of each test set (default: ${DEFAULT-VALUE})")
    private int captions;

    @Mixin
    private EvaluationOptions evaluation;

    @Mixin
    private ModelOptions model;

    @Mixin
    private ComputingOptions computing;

    /** Picocli makes it by name. */
    private static final class RunConverter implements ITypeConverter<MethodPath> {

        @Override
        public MethodPath convert(String text) {
            return MethodPath.parse(text);
        }
    }

    @Override
    public Integer call() {
        computing.check();
        FlagBounds.atLeast("--captions", captions, 1);
        OutputPath.requireFile("--out", out, ".html", ".htm");
        List<EvaluationSource> sources = sources();
        List<RunLog> logs = runs.stream().map(run -> RunLog.read(run.method(), run.path())).toList();
        Set<String> names = new HashSet<>();
        for (RunLog log : logs) {
            if (!names.add(log.name())) {
                throw new ConfigException("Two runs are called " + log.name() + ". Name them: NAME=" + log.folder());
            }
        }
        Optional<MethodComparison> comparison = results.map(MethodComparison::read);
        new RunReport(logs, comparison, found(sources)).write(OutputPath.inFolder(out));
        spec.commandLine().getOut().println("Wrote " + out);
        return ExitCode.DONE;
    }

    private List<EvaluationSource> sources() {
        List<EvaluationSource> sources = evaluation.sources();
        if (checkpoint.isPresent() == sources.isEmpty()) {
            throw new ConfigException(sources.isEmpty() ? "--checkpoint_path finds images for captions: give test data with --eval_name, --eval_annotation_file "
                    + "and --eval_img_dir" : "--eval_name is for --checkpoint_path: give the model that is to find images");
        }
        return sources;
    }

    private List<FoundImages> found(List<EvaluationSource> sources) {
        if (checkpoint.isEmpty()) {
            return List.of();
        }
        Path file = checkpoint.get();
        List<EvaluationSet> sets = evaluation.read();
        LoadedModel loaded = LoadedModel.read(file, model);
        try (ReplicaGroup replicas = new ReplicaGroup(loaded.config(), computing.computation(), computing.devices(), 1, loaded.checkpoint().model())) {
            FeatureEncoder encoder = new FeatureEncoder(replicas, ClipTokenizer.load(), computing.settings(), new StopRequest());
            return sets.stream().map(set -> FoundImages.of(set, encoder, file.toString(), captions)).toList();
        }
    }
}
