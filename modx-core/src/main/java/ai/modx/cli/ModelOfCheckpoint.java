package ai.modx.cli;

import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointException;
import ai.modx.config.ConfigException;
import ai.modx.model.ModelConfig;
import ai.modx.model.ModelTable;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which architecture a checkpoint is of, where the command line does not say it. Shapes tell everything but the number of
 * heads; that comes from the model table.
 *
 * @param name the table's
 */
public record ModelOfCheckpoint(String name, ModelConfig config) {

    /**
     * The model of a checkpoint by the flags of a command.
     *
     * @param table {@code --model_config}
     * @param name  {@code --model_name}
     * @throws CheckpointException if it fits no model of the table
     */
    public static ModelOfCheckpoint of(Path checkpoint, Optional<Path> table, Optional<String> name) {
        return of(checkpoint, TrainingOptions.table(table), name);
    }

    /**
     * Reads a checkpoint of this model.
     *
     * @throws CheckpointException if it cannot be read or is of another one
     */
    Checkpoint read(Path checkpoint) {
        return Checkpoint.read(checkpoint, config, name);
    }

    /** The named model, or else the one of the table that has the checkpoint's tensors. */
    static ModelOfCheckpoint of(Path checkpoint, ModelTable table, Optional<String> name) {
        return name.map(given -> new ModelOfCheckpoint(given, table.get(given))).orElseGet(() -> fitting(checkpoint, table));
    }

    private static ModelOfCheckpoint fitting(Path path, ModelTable table) {
        Checkpoint checkpoint = Checkpoint.read(path);
        Map<String, ModelConfig> fitting = table.fitting(checkpoint.shapes());
        if (fitting.isEmpty()) {
            throw new CheckpointException(path + " fits no model of " + table.source() + " (" + String.join(", ", table.names()) + ")"
                    + checkpoint.architecture().map(seen -> "; it holds " + seen).orElse("") + ". Give the table that has its model with --model_config");
        }
        if (Set.copyOf(fitting.values()).size() > 1) {
            throw new ConfigException(path + " fits " + String.join(" and ", fitting.keySet()) + " of " + table.source()
                    + ", which differ in the number of heads only. Choose one with --model_name");
        }
        Map.Entry<String, ModelConfig> only = fitting.entrySet().iterator().next();
        return new ModelOfCheckpoint(only.getKey(), only.getValue());
    }
}
