package ai.modx.lineareval;

import ai.djl.Device;
import ai.modx.cli.CommandRunner;
import ai.modx.cli.EffectiveFlags;
import ai.modx.cli.ExitCode;
import ai.modx.cli.RecipeOption;
import ai.modx.cli.TrainingCommand;
import ai.modx.config.ConfigException;
import ai.modx.data.DataException;
import ai.modx.train.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Trains a linear classifier on the features of a model's image encoder, and says how many validation images it gets right. */
@Command(name = "linear-eval",
        description = "Linear evaluation: train a linear classifier on the features of CLIP's image encoder, on folders laid out like ImageNet. "
                + "Give the same command again to continue an interrupted run.")
public final class LinearEval implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(LinearEval.class);

    @Spec
    private CommandSpec spec;

    @Mixin
    private RecipeOption recipe;

    @Mixin
    private ProbeOptions options;

    @Override
    public Integer call() {
        ProbeSettings settings = options.settings();
        RunFolder.requireWritable("--checkpoint-dir", options.folder());
        requireNoTraining(options.folder());
        ProbeData data = options.readData();
        Backbone backbone = options.readBackbone();
        List<Device> devices = options.devices();
        requireEnough(data, settings, devices.size());
        ProbeRun run = new ProbeRun(new ProbeJob(spec.commandLine().getParseResult().originalArgs(), EffectiveFlags.of(spec), backbone,
                options.normalize(), data, devices, settings, options.folder(), options.continuation()));
        if (options.dryRun()) {
            run.describe();
            LOG.info("Dry run: nothing was written");
            return ExitCode.DONE;
        }
        return TrainingCommand.stoppable(stop -> LOG.info("{}", TrainingCommand.reported(options.folder(), () -> run.execute(stop))));
    }

    /** Files of the same names would replace those of a training run. */
    private static void requireNoTraining(Path folder) {
        Path metrics = new RunFolder(folder, folder).metrics();
        if (Files.exists(metrics)) {
            throw new ConfigException("--checkpoint-dir " + folder + " holds a training run (" + metrics.getFileName()
                    + "), whose logs would be replaced; name another folder");
        }
    }

    /** Every device has a share of every training batch. */
    private static void requireEnough(ProbeData data, ProbeSettings settings, int devices) {
        if (settings.batchSize() < devices) {
            throw new ConfigException("--batch-size " + settings.batchSize() + ": expected at least one image for each of the " + devices + " devices");
        }
        if (data.train().size() < Math.max(2, devices)) {
            throw new DataException("--train_dir " + data.train().root() + " has " + data.train().size() + " images to train on; at least "
                    + Math.max(2, devices) + " were expected");
        }
    }

    public static void main(String[] arguments) {
        CommandRunner.exit(new LinearEval(), arguments);
    }
}
