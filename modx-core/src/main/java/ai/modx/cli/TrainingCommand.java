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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
        Optional<StartingPoint> interrupted = continued(folder, options.resume(), model);
        Optional<StartingPoint> given = options.checkpoint().filter(path -> interrupted.isEmpty() || isStillThere(path))
                .map(path -> StartingPoint.weightsOf(Checkpoint.read(path), options.modelName(), model));
        StartingPoint start = interrupted.or(() -> given).orElseGet(() -> StartingPoint.fresh(model, settings.seed()));
        TrainingJob job = job(model, devices, pairs, start.origin(given), start, folder); // made here, so that it does not keep given weights
        return stoppable(stop -> execute(job, method, stop, false));
    }

    /** A run goes on without the weights that it began with, as on a machine that does not have them; with others it does not. */
    private static boolean isStillThere(Path checkpoint) {
        boolean there = Files.exists(checkpoint);
        if (!there) {
            LOG.warn("--checkpoint_path {} does not exist any more; the run that began with it goes on without", checkpoint);
        }
        return there;
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
        folder.requireNoPhases();
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
     * @param continuing whether the same command continues the job without being told to
     */
    void execute(TrainingJob job, TrainingRun.MethodFactory method, StopRequest stop, boolean continuing) {
        TrainingRun run = new TrainingRun(job);
        if (options.dryRun()) {
            run.describe();
            LOG.info("Dry run: nothing was written");
            return;
        }
        TrainingRun.Result result = reported(job.folder().logs(), () -> run.execute(method, stop));
        LOG.info("{}{}", result.summary(), result.finalCheckpoint().isPresent() ? "" : ". To continue: " + toContinue(continuing, !stop.isAsked()));
    }

    private String toContinue(boolean continuing, boolean limited) {
        List<String> changes = new ArrayList<>();
        if (!continuing && !options.resume().equals(Optional.of(ResumePoint.LATEST))) {
            changes.add("--resume latest");
        }
        if (limited) {
            changes.add("another --max_steps");
        }
        return "the same command" + (changes.isEmpty() ? "" : " with " + String.join(" and ", changes));
    }
}
