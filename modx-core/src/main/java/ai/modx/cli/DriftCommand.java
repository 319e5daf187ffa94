package ai.modx.cli;

import ai.modx.checkpoint.Checkpoint;
import ai.modx.config.ConfigException;
import ai.modx.data.StopRequest;
import ai.modx.eval.DriftFeatures;
import ai.modx.eval.DriftReport;
import ai.modx.eval.EvaluationSet;
import ai.modx.eval.FeatureEncoder;
import ai.modx.parallel.ReplicaGroup;
import ai.modx.text.ClipTokenizer;
import ai.modx.train.RunFolder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code modx drift}: the paper's analyses of how features move in continual training. */
@Command(name = "drift",
        header = "Shows how features turn from checkpoint to checkpoint.",
        description = {
            "The analyses of the Mod-X paper: changes of the angles within images and within texts, rotations of both, changes of the angles between "
            + "them; and how much of it one orthogonal map explains. The output defines each."
        })
final class DriftCommand implements Callable<Integer> {

    /** Base name of the files in {@code --out_dir}. */
    private static final String RESULTS = "drift";

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "checkpoints of one architecture in the order of training")
    private List<Path> checkpoints;

    @Mixin
    private DataSetOptions dataSet;

    @Option(names = "--out_dir", paramLabel = "DIR", description = "folder for the results: " + RESULTS + ".txt, .json and .png")
    private Optional<Path> out = Optional.empty();

    @Mixin
    private ModelOptions model;

    @Mixin
    private ComputingOptions computing;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        computing.check();
        if (checkpoints.stream().distinct().count() < Math.max(2, checkpoints.size())) {
            throw new ConfigException("Drift is between checkpoints: give at least two, each once");
        }
        out.ifPresent(folder -> RunFolder.requireWritable("--out_dir", folder));
        EvaluationSet set = dataSet.read();
        if (set.images().size() < 2) {
            throw new ConfigException("Drift needs at least two images; the data set has " + set.images().size());
        }
        ModelOfCheckpoint of = model.of(Checkpoint.read(checkpoints.get(0)));
        checkpoints.forEach(of::read);
        Logger log = LoggerFactory.getLogger(DriftCommand.class); // here, so that help need not load a logger
        Map<String, DriftFeatures> features = new LinkedHashMap<>();
        for (Path checkpoint : checkpoints) {
            log.info("Encoding with {} ({} of {})", checkpoint, features.size() + 1, checkpoints.size());
            features.put(checkpoint.toString(), features(of, checkpoint, set));
        }
        DriftReport report = DriftReport.of(features, computing.devices().get(0));
        spec.commandLine().getOut().print(report.toText());
        out.ifPresent(folder -> report.write(folder, RESULTS));
        return ExitCode.DONE;
    }

    private DriftFeatures features(ModelOfCheckpoint of, Path checkpoint, EvaluationSet set) {
        try (ReplicaGroup replicas = new ReplicaGroup(of.config(), computing.computation(), computing.devices(), 1, of.read(checkpoint).model())) {
            FeatureEncoder encoder = new FeatureEncoder(replicas, ClipTokenizer.load(), computing.settings(), new StopRequest());
            return new DriftFeatures(encoder.images(set.images()), encoder.captions(set.firstCaptions()));
        }
    }
}
