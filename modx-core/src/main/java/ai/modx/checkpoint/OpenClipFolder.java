package ai.modx.checkpoint;

import ai.modx.model.ModelConfig;
import ai.modx.model.PixelStatistics;
import ai.modx.torch.HostTensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model as open_clip loads it from a folder, with the description of its architecture: that of the Mod-X release's RN50 is
 * none of open_clip's own. The tensors have OpenAI's names, which are those of its class {@code CLIP}.
 */
record OpenClipFolder(ModelConfig config, Map<String, HostTensor> model) {

    /** Writes the files into a folder that is there. */
    void write(Path folder) {
        SafetensorsWriter.write(folder.resolve("open_clip_model.safetensors"), model, Map.of("format", "pt"));
        JsonFile.write(folder.resolve("open_clip_config.json"), description());
    }

    private Map<String, Object> description() {
        Map<String, Object> vision = new LinkedHashMap<>();
        vision.put("image_size", config.imageResolution());
        vision.put("layers", config.isResNet() ? config.visionLayers() : config.visionLayers().get(0));
        vision.put("width", config.visionWidth());
        vision.put("head_width", config.visionFeatureWidth() / config.visionHeads());
        vision.put("patch_size", config.isResNet() ? null : config.visionPatchSize());
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("context_length", config.contextLength());
        text.put("vocab_size", config.vocabSize());
        text.put("width", config.transformerWidth());
        text.put("heads", config.transformerHeads());
        text.put("layers", config.transformerLayers());
        Map<String, Object> architecture = new LinkedHashMap<>();
        architecture.put("embed_dim", config.embedDim());
        architecture.put("quick_gelu", true);
        architecture.put("vision_cfg", vision);
        architecture.put("text_cfg", text);
        Map<String, Object> preprocessing = new LinkedHashMap<>();
        preprocessing.put("mean", PixelStatistics.CLIP.mean());
        preprocessing.put("std", PixelStatistics.CLIP.std());
        preprocessing.put("interpolation", "bicubic");
        preprocessing.put("resize_mode", "shortest");
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("model_cfg", architecture);
        description.put("preprocess_cfg", preprocessing);
        return description;
    }
}
