package ai.modx.cli;

import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointException;
import ai.modx.config.ConfigException;
import ai.modx.model.ModelConfig;
import ai.modx.model.ModelTable;
import ai.modx.train.StatedModel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which architecture a checkpoint is of, where the command line does not say it. A checkpoint of this toolkit does itself; of others
 * shapes tell everything but the number of heads, and that comes from the model table.
 *
 * @param name the table's, or the one that the model was trained under
 */
public record ModelOfCheckpoint(String name, ModelConfig config) {

    /**
     * The model of a checkpoint by the flags of a command. In this order: the one that {@code --model_name} names; the one of
     * {@code --model_config} that has the checkpoint's tensors; what the checkpoint says itself; the one of the usual table that has its
     * tensors.
     *
     * @param table {@code --model_config}
     * @param name  {@code --model_name}
     * @throws CheckpointException if it does not say, and fits no model of the table
     */
    public static ModelOfCheckpoint of(Checkpoint checkpoint, Optional<Path> table, Optional<String> name) {
        ModelTable models = TrainingOptions.table(table);
        if (name.isPresent()) {
            return new ModelOfCheckpoint(name.get(), models.get(name.get()));
        }
        Optional<StatedModel> stated = table.isPresent() ? Optional.empty() : StatedModel.in(checkpoint);
        return stated.map(model -> new ModelOfCheckpoint(
                models.nameOf(model.config()).or(model::name).orElse("the model of " + checkpoint.path()), model.config())).orElseGet(() -> fitting(checkpoint, models));
    }

    /**
     * Reads a checkpoint of this model.
     *
     * @throws CheckpointException if it cannot be read or is of another one
     */
    Checkpoint read(Path checkpoint) {
        return Checkpoint.read(checkpoint, config, name);
    }

    private static ModelOfCheckpoint fitting(Checkpoint checkpoint, ModelTable table) {
        Map<String, ModelConfig> fitting = table.fitting(checkpoint.shapes());
        if (fitting.isEmpty()) {
            checkpoint.whatElse().ifPresent(other -> {
                throw new CheckpointException(checkpoint.path() + " fits no model: " + other);
            });
            throw new CheckpointException(checkpoint.path() + " fits no model of " + table.source() + " (" + String.join(", ", table.names()) + ")"
                    + checkpoint.architecture().map(seen -> "; it holds " + seen).orElse("") + ". Give the table that has its model with --model_config");
        }
        if (Set.copyOf(fitting.values()).size() > 1) {
            throw new ConfigException(checkpoint.path() + " fits " + String.join(" and ", fitting.keySet()) + " of " + table.source()
                    + ", which differ in the number of heads only. Choose one with --model_name");
        }
        Map.Entry<String, ModelConfig> only = fitting.entrySet().iterator().next();
        return new ModelOfCheckpoint(only.getKey(), only.getValue());
    }
}
