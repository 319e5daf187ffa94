package ai.modx.cli;

import ai.modx.config.ConfigException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command with the kinds of flags that the real ones have. */
@Command(name = "toy", description = "Trains a toy.")
class Toy implements Callable<Integer> {

    enum Order { SHUFFLED, SEQUENTIAL }

    static final class Training {
        @Option(names = "--params_lr", paramLabel = "LR", defaultValue = "5e-4", description = "peak rate (${DEFAULT-VALUE})")
        double rate;

        @Option(names = "--params_weight_decay", defaultValue = "0.1", description = "of AdamW")
        double decay;

        @Option(names = "--num_train_epochs", defaultValue = "35", description = "epochs")
        int epochs;

        @Option(names = "--per_gpu_train_batch_size", defaultValue = "64", description = "pairs")
        int batch;

        @Option(names = "--order", defaultValue = "shuffled", description = "shuffled or sequential (${DEFAULT-VALUE})")
        Order order;

        @Option(names = "--train_dir", required = true, paramLabel = "DIR", description = "folder of stats.txt")
        Path trainDir;
    }

    static final class Machine {
        @Option(names = "--devices", defaultValue = DeviceList.ALL, description = "where to train (${DEFAULT-VALUE})")
        DeviceList devices;

        @Option(names = "--dry_run", description = "only check")
        boolean dryRun;

        @Option(names = "--cache", defaultValue = "true", description = "keep images")
        boolean cache;
    }

    @Spec
    CommandSpec spec;

    @Mixin
    RecipeOption recipe;

    @ArgGroup(validate = false, heading = "%nTraining:%n", order = 1)
    Training training = new Training();

    @ArgGroup(validate = false, heading = "%nMachine:%n", order = 2)
    Machine machine = new Machine();

    private RuntimeException failure;
    private Error error;
    boolean called;

    Toy failing(RuntimeException exception) {
        failure = exception;
        return this;
    }

    Toy failing(Error exception) {
        error = exception;
        return this;
    }

    @Override
    public Integer call() {
        called = true;
        if (failure != null) {
            throw failure;
        }
        if (error != null) {
            throw error;
        }
        if (training.epochs < 1) {
            throw new ConfigException("--num_train_epochs " + training.epochs + ": expected at least 1");
        }
        return ExitCode.DONE;
    }
}
