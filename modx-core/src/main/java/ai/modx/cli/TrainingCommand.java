package ai.modx.cli;

import ai.djl.Device;
import ai.modx.checkpoint.Checkpoint;
import ai.modx.data.CaptionDataset;
import ai.modx.model.ModelConfig;
import ai.modx.train.ResumePoint;
import ai.modx.train.RunFolder;
import ai.modx.train.StartingPoint;
import ai.modx.train.TrainingJob;
import ai.modx.train.TrainingRun;
import ai.modx.train.TrainingSettings;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From flags to a finished run: what all training commands do in the same way. Everything is checked before anything is written. */
public final class TrainingCommand {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingCommand.class);

    private final String name;
    private final List<String> arguments;
    private final TrainingOptions options;
    private final long defaultSeed;

    /**
     * @param name        of the command
     * @param arguments   the command line
     * @param defaultSeed the original's
     */
    public TrainingCommand(String name, List<String> arguments, TrainingOptions options, long defaultSeed) {
        this.name = name;
        this.arguments = arguments;
        this.options = options;
        this.defaultSeed = defaultSeed;
    }

    /**
     * Trains.
     *
     * @param data reads the data set, once the flags are known to be good
     * @return the exit code
     */
    public int run(Supplier<CaptionDataset> data, TrainingRun.MethodFactory method) {
        TrainingSettings settings = options.settings(defaultSeed);
        ModelConfig model = options.model();
        RunFolder folder = options.folder();
        if (options.resume().isEmpty()) {
            folder.requireFresh();
        } else {
            folder.requireWritable();
        }
        CaptionDataset pairs = options.limit(data.get());
        List<Device> devices = options.devices();
        StartingPoint start = start(model, settings.seed(), folder);
        TrainingRun run = new TrainingRun(new TrainingJob(name, arguments, options.modelName(), model, options.computation(), devices,
                pairs, settings, start, folder));
        if (options.dryRun()) {
            run.describe();
            LOG.info("Dry run: nothing was written");
            return ExitCode.DONE;
        }
        TrainingRun.Result result = run.execute(method);
        LOG.info("{}", result.summary());
        return ExitCode.DONE;
    }

    private StartingPoint start(ModelConfig model, long seed, RunFolder folder) {
        Optional<Checkpoint> interrupted = options.resume().flatMap(resume -> ResumePoint.find(resume, folder));
        if (interrupted.isPresent()) {
            return StartingPoint.runOf(interrupted.get(), options.modelName(), model);
        }
        options.resume().ifPresent(resume -> LOG.info("No checkpoint in {} yet: starting from the beginning", folder.checkpoints()));
        return options.checkpoint()
                .map(path -> StartingPoint.weightsOf(Checkpoint.read(path), options.modelName(), model))
                .orElseGet(() -> StartingPoint.fresh(model, seed));
    }
}
