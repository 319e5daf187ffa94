package ai.modx.cli;

import ai.modx.checkpoint.Checkpoint;
import ai.modx.model.ModelConfig;
import java.nio.file.Path;

/**
 * A checkpoint that was read once, and the architecture that computes with it.
 *
 * @param name of the architecture
 */
record LoadedModel(String name, ModelConfig config, Checkpoint checkpoint) {

    /**
     * Reads a checkpoint.
     *
     * @param options say which architecture it is of, as far as it does not
     * @throws ai.modx.checkpoint.CheckpointException if it cannot be read, or nothing here computes with it
     */
    static LoadedModel read(Path file, ModelOptions options) {
        Checkpoint checkpoint = Checkpoint.read(file);
        ModelOfCheckpoint of = options.of(checkpoint);
        checkpoint.requireComputable(of.config(), of.name());
        return new LoadedModel(of.name(), of.config(), checkpoint);
    }
}
