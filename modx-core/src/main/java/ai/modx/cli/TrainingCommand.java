package ai.modx.cli;

import ai.djl.Device;
import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.SaveException;
import ai.modx.data.CaptionDataset;
import ai.modx.data.StopRequest;
import ai.modx.model.ModelConfig;
import ai.modx.report.RunReport;
import ai.modx.train.DivergedException;
import ai.modx.train.PeriodicEvaluation;
import ai.modx.train.ResumePoint;
import ai.modx.train.RunFolder;
import ai.modx.train.StartingPoint;
import ai.modx.train.TrainingJob;
import ai.modx.train.TrainingRun;
import ai.modx.train.TrainingSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;

/** From flags to a finished run: what all training commands do in the same way. Everything is checked before anything is written. */
public final class TrainingCommand {

    /** How a run in one folder is continued. */
    static final String WITH_RESUME = "the same command with --resume latest";

    private static final Logger LOG = LoggerFactory.getLogger(TrainingCommand.class);

    private final CommandSpec spec;
    private final TrainingOptions options;
    private final long defaultSeed;
    private Optional<PeriodicEvaluation> evaluation = Optional.empty();

    /**
     * @param spec        the running command, injected by picocli
     * @param defaultSeed the original's
     */
    public TrainingCommand(CommandSpec spec, TrainingOptions options, long defaultSeed) {
        this.spec = spec;
        this.options = options;
        this.defaultSeed = defaultSeed;
    }

    /**
     * Trains one model on one data set.
     *
     * @param data reads the data set, once the flags are known to be good
     * @return the exit code
     */
    public int run(Supplier<CaptionDataset> data, TrainingRun.MethodFactory method) {
        TrainingSettings settings = settings();
        ModelConfig model = options.model();
        RunFolder folder = options.folder();
        requireUsable(folder);
        CaptionDataset pairs = data.get();
        readEvaluation();
        List<Device> devices = options.devices();
        Optional<StartingPoint> given = options.checkpoint().map(path -> StartingPoint.weightsOf(Checkpoint.read(path), options.modelName(), model));
        StartingPoint start = continued(folder, options.resume(), model).or(() -> given).orElseGet(() -> StartingPoint.fresh(model, settings.seed()));
        return stoppable(stop -> execute(job(model, devices, pairs, start.origin(given), start, folder), method, stop, WITH_RESUME));
    }

    /**
     * Runs work that may be stopped by a signal.
     *
     * @return the exit code: of the signal that stopped it, if one did
     */
    public static int stoppable(Consumer<StopRequest> work) {
        StopRequest stop = new StopRequest();
        try (StopSignals signals = new StopSignals(stop)) {
            work.accept(stop);
        } catch (StopRequest.StoppedException e) {
            LOG.info("Stopped before anything was learned that is not saved");
        }
        return stop.exitCode().orElse(ExitCode.DONE);
    }

    /** Reads what to evaluate on, before anything is written. */
    void readEvaluation() {
        evaluation = options.evaluation();
    }

    TrainingSettings settings() {
        return options.settings(defaultSeed);
    }

    /** Checks that a folder can take the results. */
    void requireUsable(RunFolder folder) {
        if (options.resume().isEmpty()) {
            folder.requireFresh();
            return;
        }
        String resume = options.resume().get();
        if (resume.equals(ResumePoint.LATEST)) {
            folder.requireSameCheckpoints();
        } else if (!folder.holds(Path.of(resume))) {
            folder.requireFresh(); // continued elsewhere, as a run of its own
        }
        folder.requireWritable();
    }

    /** The interrupted run in a folder, if one is to be continued and has saved anything. */
    Optional<StartingPoint> continued(RunFolder folder, Optional<String> resume, ModelConfig model) {
        Optional<StartingPoint> found = resume.flatMap(which -> ResumePoint.find(which, folder))
                .map(checkpoint -> StartingPoint.runOf(checkpoint, options.modelName(), model, options.continuation()));
        if (resume.isPresent() && found.isEmpty()) {
            LOG.info("No checkpoint in {} yet: starting from the beginning", folder.checkpoints());
        }
        return found;
    }

    TrainingJob job(ModelConfig model, List<Device> devices, CaptionDataset pairs, Map<String, Object> method, StartingPoint start,
            RunFolder folder) {
        return new TrainingJob(spec.name(), spec.commandLine().getParseResult().originalArgs(), EffectiveFlags.of(spec), options.modelName(), model, options.computation(), devices, options.limit(pairs), settings(),
                method, start, folder, evaluation);
    }

    /** Carries work out and shows what came of it in its folder, also if it diverged: then the curves are wanted most. */
    public static <T> T reported(Path folder, Supplier<T> work) {
        try {
            T result = work.get();
            RunReport.writeInto(folder);
            return result;
        } catch (DivergedException e) {
            try {
                RunReport.writeInto(folder);
            } catch (SaveException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    /**
     * Carries a job out, or says what would be done.
     *
     * @param toContinue what a person gives to go on after a stop
     */
    void execute(TrainingJob job, TrainingRun.MethodFactory method, StopRequest stop, String toContinue) {
        TrainingRun run = new TrainingRun(job);
        if (options.dryRun()) {
            run.describe();
            LOG.info("Dry run: nothing was written");
            return;
        }
        TrainingRun.Result result = reported(job.folder().logs(), () -> run.execute(method, stop));
        String limit = stop.isAsked() ? "" : " and another --max_steps";
        LOG.info("{}{}", result.summary(), result.finalCheckpoint().isPresent() ? "" : ". To continue: " + toContinue + limit);
    }
}
