package ai.modx.train;

import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointException;
import ai.modx.checkpoint.Tree;
import ai.modx.config.ConfigException;
import ai.modx.model.ModelConfig;
import ai.modx.model.ModelTable;
import java.util.Optional;

/**
 * What a run wrote into its checkpoint about the model: its tensors tell all but the number of heads.
 *
 * @param name   {@code --model_name}; checkpoints of earlier versions and of linear evaluation lack it
 * @param config the architecture
 */
public record StatedModel(Optional<String> name, ModelConfig config) {

    /** Key of the name in a checkpoint; no part of the run's identity, as a table may call the same model otherwise. */
    static final String NAME = "model_name";
    /** Key of the architecture in the run's identity. */
    static final String MODEL = "model";

    /**
     * Looks into a checkpoint.
     *
     * @return empty if no run of this toolkit saved it
     * @throws CheckpointException if what is there describes no model
     */
    public static Optional<StatedModel> in(Checkpoint checkpoint) {
        Optional<Tree> run = checkpoint.entries().find(Checkpoint.RUN).filter(Tree::isMap);
        Optional<String> name = run.flatMap(entries -> entries.find(NAME)).map(Tree::asString);
        return run.flatMap(entries -> entries.find(StartingPoint.IDENTITY)).filter(Tree::isMap).flatMap(identity -> identity.find(MODEL))
                .map(model -> new StatedModel(name, config(model.asString(), checkpoint)));
    }

    private static ModelConfig config(String json, Checkpoint checkpoint) {
        try {
            return ModelTable.model("the model in it", json);
        } catch (ConfigException | IllegalArgumentException e) {
            throw new CheckpointException(checkpoint.path() + " does not describe its model: " + e.getMessage());
        }
    }
}
