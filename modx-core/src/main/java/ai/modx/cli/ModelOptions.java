package ai.modx.cli;

import ai.modx.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The flags that say what architecture a checkpoint is of. */
final class ModelOptions {

    @ArgGroup(validate = false, order = 48, heading = "%nArchitecture:%n")
    private final Choice choice = new Choice();

    private static final class Choice {

        @Option(names = "--model_name", paramLabel = "NAME", description = "key of the model table (default: what the checkpoint says, else the one that fits it)")
        private Optional<String> name = Optional.empty();

        @Option(names = "--model_config", paramLabel = "FILE",
                description = "model table (default: configs/model_config.yaml, else the built-in copy of it)")
        private Optional<Path> table = Optional.empty();
    }

    /** See {@link ModelOfCheckpoint#of}. */
    ModelOfCheckpoint of(Checkpoint checkpoint) {
        return ModelOfCheckpoint.of(checkpoint, choice.table, choice.name);
    }
}
