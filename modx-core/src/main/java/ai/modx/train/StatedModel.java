package ai.modx.train;

import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointException;
import ai.modx.checkpoint.Tree;
import ai.modx.config.ConfigException;
import ai.modx.model.ModelConfig;
import ai.modx.model.ModelTable;
import java.util.Map;
import java.util.Optional;

/**
 * What a checkpoint of this toolkit says about its model, whose tensors tell all but the number of heads: a run writes it with its identity,
 * and files that are made of others have an entry of their own.
 *
 * @param name   {@code --model_name}; checkpoints of earlier versions and of linear evaluation lack it
 * @param config the architecture
 */
public record StatedModel(Optional<String> name, ModelConfig config) {

    /** Key of the name in a checkpoint; no part of the run's identity, as a table may call the same model otherwise. */
    static final String NAME = "model_name";
    /** Key of the architecture in the run's identity. */
    static final String MODEL = "model";
    /** Key of the architecture, as JSON, in a file that no run saved. */
    private static final String ENTRY = "model_config";

    /**
     * Looks into a checkpoint.
     *
     * @return empty if this toolkit did not write it, or an earlier version made it of others
     * @throws CheckpointException if what is there describes no model
     */
    public static Optional<StatedModel> in(Checkpoint checkpoint) {
        Optional<StatedModel> own = checkpoint.entries().find(ENTRY).filter(Tree::isText)
                .map(model -> new StatedModel(Optional.empty(), config(model.asString(), checkpoint)));
        if (own.isPresent()) {
            return own;
        }
        Optional<Tree> run = checkpoint.entries().find(Checkpoint.RUN).filter(Tree::isMap);
        Optional<String> name = run.flatMap(entries -> entries.find(NAME)).map(Tree::asString);
        return run.flatMap(entries -> entries.find(StartingPoint.IDENTITY)).filter(Tree::isMap).flatMap(identity -> identity.find(MODEL))
                .map(model -> new StatedModel(name, config(model.asString(), checkpoint)));
    }

    /** What a file is given, so that it says which model it holds. */
    public static Map<String, String> entry(ModelConfig config) {
        return Map.of(ENTRY, RunJson.line(config.toMap()));
    }

    private static ModelConfig config(String json, Checkpoint checkpoint) {
        try {
            return ModelTable.model("the model in it", json);
        } catch (ConfigException | IllegalArgumentException e) {
            throw new CheckpointException(checkpoint.path() + " does not describe its model: " + e.getMessage());
        }
    }
}
