package ai.modx.checkpoint;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.modx.model.ClipParameters;
import ai.modx.model.ModelConfig;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Keys of open_clip's and Hugging Face's configs, as their 3.3 and 5 name them: what is computed here is taken, what
 * is not is refused by its name.
 */
class StatedConfigTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ModelConfig VIT = new ModelConfig(16, 32, List.of(1), 64, 16, 24, 16, 64, 1, 1);
    private static final ModelConfig RESNET = new ModelConfig(16, 32, List.of(1, 1, 1, 1), 8, 0, 24, 16, 64, 1, 1);

    @TempDir
    private static Path dir;

    private static Path openClip;
    private static Path huggingFace;
    private static final Map<Path, String> CONFIGS = new HashMap<>();

    @BeforeAll
    static void write() throws IOException {
        new ConvertedModel(source(VIT), VIT).write(Layout.OPEN_CLIP, dir.resolve("oc"), Map.of(), false);
        new ConvertedModel(source(VIT), VIT).write(Layout.HUGGINGFACE, dir.resolve("hf"), Map.of(), false);
        openClip = dir.resolve("oc/open_clip_model.safetensors");
        huggingFace = dir.resolve("hf/model.safetensors");
        for (Path config : List.of(
                openClip.resolveSibling("open_clip_config.json"),
                huggingFace.resolveSibling("config.json"),
                huggingFace.resolveSibling("preprocessor_config.json"))) {
            CONFIGS.put(config, Files.readString(config));
        }
    }

    @BeforeEach
    void restore() throws IOException {
        for (Map.Entry<Path, String> config : CONFIGS.entrySet()) {
            Files.writeString(config.getKey(), config.getValue());
        }
    }

    private static Checkpoint source(ModelConfig model) {
        Path file = dir.resolve("source.pt");
        CheckpointWriter.write(
                file, new CheckpointContents(0, 0, ClipParameters.initialState(model, 1), Optional.empty(), Map.of()));
        return Checkpoint.read(file);
    }

    @Test
    void whatIsWrittenHereIsTaken() {
        assertThatCode(() -> Checkpoint.read(openClip, VIT, "vit")).doesNotThrowAnyException();
        assertThatCode(() -> Checkpoint.read(huggingFace, VIT, "vit")).doesNotThrowAnyException();
        new ConvertedModel(source(RESNET), RESNET).write(Layout.OPEN_CLIP, dir.resolve("rn"), Map.of(), false);
        assertThatCode(() -> Checkpoint.read(dir.resolve("rn/open_clip_model.safetensors"), RESNET, "rn"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/model_cfg | quick_gelu | false",
                "/model_cfg | multimodal_cfg | {\"width\": 4}",
                "/model_cfg | init_logit_bias | -10",
                "/model_cfg/vision_cfg | head_width | 32",
                "/model_cfg/vision_cfg | mlp_ratio | 3.5",
                "/model_cfg/vision_cfg | no_ln_pre | true",
                "/model_cfg/vision_cfg | pool_type | \"avg\"",
                "/model_cfg/vision_cfg | final_ln_after_pool | true",
                "/model_cfg/vision_cfg | attentional_pool | true",
                "/model_cfg/vision_cfg | pos_embed_type | \"sin_cos_2d\"",
                "/model_cfg/vision_cfg | ls_init_value | 0.1",
                "/model_cfg/vision_cfg | timm_model_name | \"convnext_base\"",
                "/model_cfg/vision_cfg | norm_kwargs | {\"eps\": 1e-6}",
                "/model_cfg/vision_cfg | something_new | 3",
                "/model_cfg/text_cfg | heads | 2",
                "/model_cfg/text_cfg | pool_type | \"last\"",
                "/model_cfg/text_cfg | no_causal_mask | true",
                "/model_cfg/text_cfg | embed_cls | true",
                "/model_cfg/text_cfg | proj_type | \"none\"",
                "/model_cfg/text_cfg | proj_bias | true",
                "/model_cfg/text_cfg | hf_tokenizer_name | \"xlm-roberta-base\"",
                "/preprocess_cfg | mean | [0.5, 0.5, 0.5]",
                "/preprocess_cfg | std | [0.5, 0.5, 0.5]",
                "/preprocess_cfg | interpolation | \"bilinear\"",
                "/preprocess_cfg | resize_mode | \"squash\"",
                "/preprocess_cfg | size | [48, 48]"
            })
    void whatOpenClipsConfigSaysOtherwiseIsRefusedByItsKey(String section, String key, String value)
            throws IOException {
        refuses(openClip, "open_clip_config.json", section, key, value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "config.json | | model_type | \"siglip\"",
                "config.json | | projection_dim | 32",
                "config.json | | quantization_config | {\"load_in_8bit\": true}",
                "config.json | /text_config | hidden_act | \"gelu\"",
                "config.json | /text_config | num_attention_heads | 2",
                "config.json | /text_config | eos_token_id | 7",
                "config.json | /text_config | layer_norm_eps | 1e-6",
                "config.json | /vision_config | hidden_act | \"gelu_pytorch_tanh\"",
                "config.json | /vision_config | num_attention_heads | 4",
                "config.json | /vision_config | attention_dropout | 0.1",
                "preprocessor_config.json | | image_mean | [0.5, 0.5, 0.5]",
                "preprocessor_config.json | | image_std | [1, 1, 1]",
                "preprocessor_config.json | | size | {\"height\": 32, \"width\": 32}",
                "preprocessor_config.json | | size | {\"longest_edge\": 32}",
                "preprocessor_config.json | | image_processor_type | \"SiglipImageProcessor\"",
                "preprocessor_config.json | | resample | 2",
                "preprocessor_config.json | | do_center_crop | false",
                "preprocessor_config.json | | do_normalize | false",
                "preprocessor_config.json | | rescale_factor | 0.0078",
                "preprocessor_config.json | | crop_size | {\"height\": 48, \"width\": 48}"
            })
    void whatHuggingFacesConfigsSayOtherwiseIsRefusedByItsKey(String file, String section, String key, String value)
            throws IOException {
        refuses(huggingFace, file, section == null ? "" : section, key, value);
    }

    @Test
    void whatMeansTheSameIsTaken() throws IOException {
        change(openClip, "open_clip_config.json", "/preprocess_cfg", "size", "[32, 32]");
        change(openClip, "open_clip_config.json", "/preprocess_cfg", "fill_color", "0");
        change(openClip, "open_clip_config.json", "/model_cfg/vision_cfg", "timm_model_name", "null");
        change(openClip, "open_clip_config.json", "/model_cfg/vision_cfg", "attentional_pool", "false");
        change(openClip, "open_clip_config.json", "/model_cfg", "custom_text", "true");
        assertThatCode(() -> Checkpoint.read(openClip, VIT, "vit")).doesNotThrowAnyException();
        change(huggingFace, "preprocessor_config.json", "", "crop_size", "{\"height\": 32, \"width\": 32}");
        change(huggingFace, "preprocessor_config.json", "", "size", "32");
        change(huggingFace, "config.json", "/text_config", "eos_token_id", "2");
        change(huggingFace, "config.json", "/text_config", "tokenizer_class", "\"CLIPTokenizer\"");
        change(huggingFace, "config.json", "/vision_config", "_attn_implementation", "\"sdpa\"");
        change(huggingFace, "preprocessor_config.json", "", "feature_extractor_type", "\"CLIPFeatureExtractor\"");
        change(huggingFace, "config.json", "/text_config", "top_p", "1.0");
        change(huggingFace, "config.json", "", "transformers_version", "\"4.0\"");
        assertThatCode(() -> Checkpoint.read(huggingFace, VIT, "vit")).doesNotThrowAnyException();
    }

    @Test
    void whatIsLeftOutMeansItsDefault() throws IOException {
        Path file = openClip.resolveSibling("open_clip_config.json");
        JsonNode root = JSON.readTree(file.toFile());
        ((ObjectNode) root.at("/model_cfg/text_cfg")).remove("heads"); // 8 there
        Files.writeString(file, root.toString());
        assertThatThrownBy(() -> Checkpoint.read(openClip, VIT, "vit"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(
                        "text_cfg.heads of the open_clip_config.json beside it is left out, which means 8, and here it is 1");
    }

    @Test
    void aConfigThatCannotBeReadIsNotPassedOver() throws IOException {
        Files.writeString(huggingFace.resolveSibling("config.json"), "{");
        assertThatThrownBy(() -> Checkpoint.read(huggingFace, VIT, "vit"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("The config.json beside " + huggingFace)
                .hasMessageContaining("cannot be read");
        Files.writeString(
                huggingFace.resolveSibling("config.json"),
                CONFIGS.get(huggingFace.resolveSibling("config.json")) + "{}");
        assertThatThrownBy(() -> Checkpoint.read(huggingFace, VIT, "vit")).hasMessageContaining("malformed JSON");
        Files.writeString(huggingFace.resolveSibling("config.json"), "[]");
        assertThatThrownBy(() -> Checkpoint.read(huggingFace, VIT, "vit")).hasMessageContaining("is no JSON object");
    }

    private static void refuses(Path weights, String file, String section, String key, String value)
            throws IOException {
        change(weights, file, section, key, value);
        String place = section.replaceFirst("^/(model_cfg/?)?", "").replace('/', '.');
        assertThatThrownBy(() -> Checkpoint.read(weights, VIT, "vit"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(weights + " belongs to a model that cannot be computed: "
                        + (place.isEmpty() ? "" : place + ".") + key + " of the " + file + " beside it is ");
    }

    private static void change(Path weights, String file, String section, String key, String value) throws IOException {
        Path config = weights.resolveSibling(file);
        JsonNode root = JSON.readTree(config.toFile());
        ((ObjectNode) root.at(section)).set(key, JSON.readTree(value));
        Files.writeString(config, root.toString());
    }
}
