package ai.modx.checkpoint;

import ai.modx.model.ModelConfig;
import ai.modx.model.PixelStatistics;
import ai.modx.text.ClipTokenizer;
import ai.modx.text.VocabularyText;
import ai.modx.torch.HostTensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model, its tokenizer and its image preprocessing as Hugging Face's transformers load them from a folder. */
record HuggingFaceFolder(ModelConfig config, Map<String, HostTensor> model) {

    private static final int BICUBIC = 3; // Pillow's number

    /** Writes the files into a folder that is there. */
    void write(Path folder) {
        SafetensorsWriter.write(folder.resolve("model.safetensors"), HuggingFaceNames.toHuggingFace(model), Map.of("format", "pt"));
        VocabularyText vocabulary = VocabularyText.load();
        JsonFile.write(folder.resolve("vocab.json"), vocabulary.ids());
        JsonFile.writeText(folder.resolve("merges.txt"), "#version: 0.2\n" + String.join("\n", vocabulary.merges()) + "\n");
        JsonFile.write(folder.resolve("tokenizer_config.json"), tokenizer());
        JsonFile.write(folder.resolve("preprocessor_config.json"), preprocessing());
        JsonFile.write(folder.resolve("config.json"), description());
    }

    private Map<String, Object> description() {
        Map<String, Object> text = tower(config.transformerWidth(), config.transformerHeads(), config.transformerLayers());
        text.put("vocab_size", config.vocabSize());
        text.put("max_position_embeddings", config.contextLength());
        text.put("bos_token_id", ClipTokenizer.START);
        text.put("eos_token_id", ClipTokenizer.END);
        text.put("pad_token_id", ClipTokenizer.END);
        Map<String, Object> vision = tower(config.visionWidth(), config.visionHeads(), config.visionLayers().get(0));
        vision.put("image_size", config.imageResolution());
        vision.put("patch_size", config.visionPatchSize());
        vision.put("num_channels", 3);
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("architectures", List.of("CLIPModel"));
        description.put("model_type", "clip");
        description.put("projection_dim", config.embedDim());
        description.put("text_config", text);
        description.put("vision_config", vision);
        description.put("dtype", "float32");
        return description;
    }

    private Map<String, Object> tower(int width, int heads, int layers) {
        Map<String, Object> tower = new LinkedHashMap<>();
        tower.put("hidden_size", width);
        tower.put("intermediate_size", 4 * width);
        tower.put("num_attention_heads", heads);
        tower.put("num_hidden_layers", layers);
        tower.put("projection_dim", config.embedDim());
        tower.put("hidden_act", "quick_gelu");
        tower.put("layer_norm_eps", 1e-5);
        return tower;
    }

    private Map<String, Object> tokenizer() {
        Map<String, Object> tokenizer = new LinkedHashMap<>();
        tokenizer.put("tokenizer_class", "CLIPTokenizer");
        tokenizer.put("model_max_length", config.contextLength());
        tokenizer.put("bos_token", ClipTokenizer.START_TEXT);
        tokenizer.put("eos_token", ClipTokenizer.END_TEXT);
        tokenizer.put("unk_token", ClipTokenizer.END_TEXT);
        tokenizer.put("pad_token", ClipTokenizer.END_TEXT);
        return tokenizer;
    }

    private Map<String, Object> preprocessing() {
        int side = config.imageResolution();
        Map<String, Object> preprocessing = new LinkedHashMap<>();
        preprocessing.put("image_processor_type", "CLIPImageProcessor");
        preprocessing.put("do_resize", true);
        preprocessing.put("size", Map.of("shortest_edge", side));
        preprocessing.put("resample", BICUBIC);
        preprocessing.put("do_center_crop", true);
        preprocessing.put("crop_size", side);
        preprocessing.put("do_rescale", true);
        preprocessing.put("rescale_factor", 1 / 255.0);
        preprocessing.put("do_normalize", true);
        preprocessing.put("image_mean", PixelStatistics.CLIP.mean());
        preprocessing.put("image_std", PixelStatistics.CLIP.std());
        preprocessing.put("do_convert_rgb", true);
        return preprocessing;
    }
}
