package ai.modx.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What weights do not tell: their activation function. The folders of open_clip and Hugging Face say it beside them, and what
 * open_clip's training saves does so only if its run's name has the model's in it. Models with plain
 * GELU, such as many of open_clip's, have the same names and shapes as those with the QuickGELU that is computed here, and would
 * silently give other features.
 */
final class StatedActivation {

    private static final Logger LOG = LoggerFactory.getLogger(StatedActivation.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LARGEST = 1 << 20;

    private StatedActivation() {}

    /**
     * Warns if the activation may be another than what is computed.
     *
     * @param entries of the file
     * @throws CheckpointException if the folder of the weights says that they belong to another activation
     */
    static void check(Path weights, Tree entries) {
        if (entries.find("state_dict").isPresent() && entries.find("name").filter(name -> !String.valueOf(name.literal()).contains("quickgelu")).isPresent()) {
            LOG.warn("{} looks like a checkpoint of open_clip's training, which does not say its activation. QuickGELU is computed: if the model was trained "
                    + "with plain GELU, as those of open_clip without -quickgelu in their name are, its features come out wrong", weights);
        }
        boolean openClip = weights.getFileName().toString().startsWith("open_clip");
        JsonNode description = read(weights.resolveSibling(openClip ? "open_clip_config.json" : "config.json"));
        JsonNode model = description.path("model_cfg");
        if (openClip && model.isObject() && !model.path("quick_gelu").asBoolean(false)) {
            throw new CheckpointException(weights + " belongs to a model with plain GELU (open_clip_config.json: no quick_gelu). Only QuickGELU, OpenAI's, is computed. Choose weights that were trained with it");
        }
        for (String tower : openClip ? new String[0] : new String[] {"text_config", "vision_config"}) {
            String activation = description.path(tower).path("hidden_act").asText("quick_gelu");
            if (description.path("model_type").asText().equals("clip") && !activation.equals("quick_gelu")) {
                throw new CheckpointException(weights + " belongs to a model with " + activation + " (config.json: " + tower + "). Only quick_gelu, OpenAI's, is computed. Choose weights that were trained with it");
            }
        }
    }

    /** Empty if there is none that can be read: the weights are what was asked for. */
    private static JsonNode read(Path file) {
        try {
            return Files.isRegularFile(file) && Files.size(file) <= LARGEST ? JSON.readTree(file.toFile()) : JSON.missingNode();
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }
}
