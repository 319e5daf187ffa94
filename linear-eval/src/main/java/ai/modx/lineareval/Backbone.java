package ai.modx.lineareval;

import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointException;
import ai.modx.cli.ModelOfCheckpoint;
import ai.modx.model.Computation;
import ai.modx.model.ModelConfig;
import ai.modx.torch.HostTensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The model whose image encoder is evaluated.
 *
 * @param name        of its architecture
 * @param config      the architecture
 * @param computation how it is computed, normalisation of pixels included
 * @param state       weights and buffers by name
 * @param fingerprint eight hex digits that differ for different image encoders
 */
record Backbone(String name, ModelConfig config, Computation computation, Map<String, HostTensor> state, String fingerprint) {

    /**
     * Reads {@code --cnn}.
     *
     * @param table     {@code --model_config}
     * @param modelName {@code --model_name}; empty: the one that fits
     * @throws CheckpointException if there is no such file, or it holds no model that is known
     */
    static Backbone read(Path cnn, Optional<Path> table, Optional<String> modelName, Computation computation) {
        if (!Files.exists(cnn)) {
            throw new CheckpointException("--cnn " + cnn + ": there is no such file, and nothing is downloaded. Give a checkpoint: .pt of this "
                    + "toolkit, of the Python original or of OpenAI, state dict, safetensors");
        }
        Checkpoint checkpoint = Checkpoint.read(cnn);
        ModelOfCheckpoint model = ModelOfCheckpoint.of(checkpoint, table, modelName);
        checkpoint.requireComputable(model.config(), model.name());
        return new Backbone(model.name(), model.config(), computation, checkpoint.model(), fingerprint(checkpoint.model()));
    }

    /** The same weights, computed in another way. */
    Backbone with(Computation other) {
        return new Backbone(name, config, other, state, fingerprint);
    }

    /** The same architecture with other weights: those of an interrupted run that trains them. */
    Backbone with(Map<String, HostTensor> weights) {
        return new Backbone(name, config, computation, weights, fingerprint);
    }

    private static String fingerprint(Map<String, HostTensor> state) {
        CRC32C digest = new CRC32C();
        state.entrySet().stream().filter(entry -> entry.getKey().startsWith(ProbeReplica.IMAGE_TOWER)).sorted(Map.Entry.comparingByKey()).forEach(entry -> {
            digest.update(entry.getKey().getBytes(StandardCharsets.UTF_8));
            digest.update(entry.getValue().data());
        });
        return String.format("%08x", digest.getValue());
    }
}
