package ai.modx.checkpoint;

import ai.modx.config.FileProblem;
import ai.modx.model.ModelConfig;
import ai.modx.model.PixelStatistics;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What weights do not tell and a file beside them does: {@code open_clip_config.json}, or {@code config.json} and
 * {@code preprocessor_config.json} of Hugging Face. Models that differ in activation, heads, pooling, masks, norms or
 * pixels have the same names and
 * shapes, and would silently give other features. Every key is compared with what is computed here; one that is not
 * known may not say
 * anything. A key that is absent means what it means there by default.
 */
final class StatedConfig {

    private static final Logger LOG = LoggerFactory.getLogger(StatedConfig.class);
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final long LARGEST = 1 << 20;
    private static final double CLOSE = 1e-4;

    private static final String OPEN_CLIP = "open_clip_config.json";
    private static final String HUGGING_FACE = "config.json";
    private static final String PREPROCESSOR = "preprocessor_config.json";
    /** Later versions write the same here, within other settings. */
    private static final String PROCESSOR = "processor_config.json";

    /** Says nothing about how features are computed. */
    private static final String ANY = "anything";
    /** Pillow's number of its bicubic filter. */
    private static final int BICUBIC = 3;

    private static final int LEGACY_END = 2;
    private static final int END = 49407;

    /** What Hugging Face writes into every config: how to initialise, generate, name and save. */
    private static final Set<String> BOOKKEEPING = Set.of(
            "architectures", "tokenizer_class", "_attn_implementation", "_attn_implementation_internal", "attn_implementation", "output_hidden_states", "output_attentions",
            "output_scores", "torchscript", "gradient_checkpointing", "problem_type", "finetuning_task", "license", "is_composition", "transformers.js_config",
            "forced_bos_token_id", "forced_eos_token_id", "bad_words_ids", "prefix", "task_specific_params", "auto_map", "do_sample", "early_stopping",
            "return_dict_in_generate", "tie_encoder_decoder", "default_to_square",
            "transformers_version",
            "torch_dtype",
            "dtype",
            "_name_or_path",
            "_commit_hash",
            "initializer_factor",
            "initializer_range",
            "logit_scale_init_value",
            "return_dict",
            "bos_token_id",
            "pad_token_id",
            "sep_token_id",
            "decoder_start_token_id",
            "chunk_size_feed_forward",
            "diversity_penalty",
            "encoder_no_repeat_ngram_size",
            "id2label",
            "label2id",
            "length_penalty",
            "max_length",
            "min_length",
            "no_repeat_ngram_size",
            "num_beam_groups",
            "num_beams",
            "num_return_sequences",
            "repetition_penalty",
            "temperature",
            "tie_word_embeddings",
            "top_k",
            "top_p",
            "typical_p",
            "use_cache",
            "projection_dim",
            "_attn_implementation_autoset",
            "processor_class",
                                    "_valid_processor_keys",
            "use_fast",
            "input_data_format",
            "data_format");

    /**
     * A key of a config.
     *
     * @param absent   what it means there when it is left out
     * @param computed what is computed here
     */
    private record Key(Object absent, Predicate<JsonNode> fits, Object computed) {

        static Key of(Object absent, Object computed) {
            JsonNode wanted = JSON.valueToTree(computed);
            return new Key(absent, value -> alike(value, wanted), computed);
        }

        static Key any() {
            return new Key(null, value -> true, ANY);
        }
    }

    private final Path weights;
    private final ModelConfig model;

    private StatedConfig(Path weights, ModelConfig model) {
        this.weights = weights;
        this.model = model;
    }

    /**
     * Compares what lies beside weights with what is computed.
     *
     * @param huggingFace whether the weights have Hugging Face's names
     * @throws CheckpointException that names the first key that says something else, or the file if it cannot be read
     */
    static void check(Path weights, boolean huggingFace, ModelConfig model) {
        StatedConfig check = new StatedConfig(weights, model);
        if (huggingFace) {
            check.huggingFace();
        } else {
            check.openClip();
        }
    }

    /**
     * Warns of what open_clip's training saves, which says its activation only if the run's name has the model's in
     * it.
     */
    static void warnOfTraining(Path weights, Tree entries) {
        if (entries.find("state_dict").isPresent()
                && entries.find("name")
                        .filter(name -> !String.valueOf(name.literal()).contains("quickgelu"))
                        .isPresent()) {
            LOG.warn(
                    "{} looks like a checkpoint of open_clip's training, which does not say its activation. QuickGELU is computed: if the model was trained "
                            + "with plain GELU, as those of open_clip without -quickgelu in their name are, its features come out wrong",
                    weights);
        }
    }

    private void openClip() {
        JsonNode root = read(OPEN_CLIP);
        if (root.isMissingNode()) {
            return;
        }
        boolean bare = root.has("vision_cfg");
        JsonNode architecture = bare ? root : root.path("model_cfg");
        if (!bare) {
            section(OPEN_CLIP, "", root, Map.of("model_cfg", Key.any(), "preprocess_cfg", Key.any()), Set.of());
        }
        Map<String, Key> keys = new LinkedHashMap<>();
        keys.put("quick_gelu", Key.of(false, true));
        keys.put("embed_dim", Key.of(0, model.embedDim()));
        for (String any :
                List.of("vision_cfg", "text_cfg", "custom_text", "init_logit_scale", "nonscalar_logit_scale", "cast_dtype", "output_dict", "preprocess_cfg")) {
            keys.put(any, Key.any());
        }
        section(OPEN_CLIP, "", architecture, keys, Set.of());
        section(
                OPEN_CLIP,
                "vision_cfg.",
                architecture.path("vision_cfg"),
                openClipVision(),
                Set.of(
                        "attn_pooler_queries",
                        "attn_pooler_heads",
                        "output_tokens",
                        "timm_pool",
                        "timm_proj",
                        "timm_drop"));
        section(
                OPEN_CLIP,
                "text_cfg.",
                architecture.path("text_cfg"),
                openClipText(),
                Set.of(
                        "pad_id",
                        "eos_id",
                        "output_tokens",
                        "hf_pooler_type",
                        "hf_proj_type",
                        "hf_model_pretrained",
                        "proj"));
        section(
                OPEN_CLIP,
                "preprocess_cfg.",
                root.path("preprocess_cfg"),
                pixels(
                        "size",
                        "mean",
                        "std",
                        Map.of(
                                "interpolation",
                                Key.of("bicubic", "bicubic"),
                                "resize_mode",
                                Key.of("shortest", "shortest"),
                                "mode",
                                Key.of("RGB", "RGB"))),
                Set.of("fill_color"));
    }

    private Map<String, Key> openClipVision() {
        Map<String, Key> keys = new LinkedHashMap<>();
        keys.put("image_size", size(224));
        keys.put(
                "layers",
                Key.of(
                        12,
                        model.isResNet()
                                ? model.visionLayers()
                                : model.visionLayers().get(0)));
        keys.put("width", Key.of(768, model.visionWidth()));
        keys.put("head_width", Key.of(64, model.visionFeatureWidth() / model.visionHeads()));
        if (model.isResNet()) {
            List.of("patch_size", "mlp_ratio").forEach(key -> keys.put(key, Key.any()));
        } else {
            keys.put("patch_size", Key.of(16, model.visionPatchSize()));
            keys.put("mlp_ratio", Key.of(4, 4));
        }
        keys.put("pos_embed_type", Key.of("learnable", "learnable"));
        keys.put("block_type", Key.of("default", "default"));
        keys.put("pool_type", Key.of("tok", "tok"));
        keys.put("patch_dropout", Key.of(0, 0));
        return keys;
    }

    private Map<String, Key> openClipText() {
        Map<String, Key> keys = new LinkedHashMap<>();
        keys.put("context_length", Key.of(77, model.contextLength()));
        keys.put("vocab_size", Key.of(49408, model.vocabSize()));
        keys.put("width", Key.of(512, model.transformerWidth()));
        keys.put("heads", Key.of(8, model.transformerHeads()));
        keys.put("layers", Key.of(12, model.transformerLayers()));
        keys.put("mlp_ratio", Key.of(4, 4));
        keys.put("pool_type", Key.of("argmax", "argmax"));
        keys.put("proj_type", Key.of("linear", "linear"));
        keys.put("block_type", Key.of("default", "default"));
        return keys;
    }

    private void huggingFace() {
        JsonNode root = read(HUGGING_FACE);
        if (!root.isMissingNode()) {
            section(
                    HUGGING_FACE,
                    "",
                    root,
                    Map.of(
                            "model_type",
                            Key.of("clip", "clip"),
                            "projection_dim",
                            Key.of(512, model.embedDim()),
                            "text_config",
                            Key.any(),
                            "vision_config",
                            Key.any(),
                            "text_config_dict",
                            Key.any(),
                            "vision_config_dict",
                            Key.any()),
                    BOOKKEEPING);
            for (String suffix : List.of("", "_dict")) { // earlier versions repeat them, and the repetition wins
                JsonNode text = root.path("text_config" + suffix);
                JsonNode vision = root.path("vision_config" + suffix);
                if (suffix.isEmpty() || text.isObject() && !text.isEmpty()) {
                    section(HUGGING_FACE, "text_config" + suffix + ".", text, huggingFaceText(), BOOKKEEPING);
                }
                if (suffix.isEmpty() || vision.isObject() && !vision.isEmpty()) {
                    section(HUGGING_FACE, "vision_config" + suffix + ".", vision, huggingFaceVision(), BOOKKEEPING);
                }
            }
        }
        huggingFacePixels(PREPROCESSOR, "", read(PREPROCESSOR));
        huggingFacePixels(PROCESSOR, "image_processor.", read(PROCESSOR).path("image_processor"));
    }

    private void huggingFacePixels(String file, String place, JsonNode pixels) {
        if (pixels.isObject()) {
            section(
                    file,
                    place,
                    pixels,
                    pixels(
                            "size",
                            "image_mean",
                            "image_std",
                            Map.of(
                                    "image_processor_type",
                                    ofClip(),
                                    "feature_extractor_type",
                                    ofClip(),
                                    "crop_size",
                                    size(224),
                                    "resample",
                                    Key.of(BICUBIC, BICUBIC),
                                    "do_resize",
                                    Key.of(true, true),
                                    "do_center_crop",
                                    Key.of(true, true),
                                    "do_normalize",
                                    Key.of(true, true),
                                    "do_rescale",
                                    Key.of(true, true),
                                    "rescale_factor",
                                    Key.of(1 / 255.0, 1 / 255.0),
                                    "do_convert_rgb",
                                    Key.any())),
                    BOOKKEEPING);
        }
    }

    private Map<String, Key> huggingFaceText() {
        Map<String, Key> keys =
                tower(512, model.transformerWidth(), 8, model.transformerHeads(), model.transformerLayers());
        keys.put("model_type", Key.of("clip_text_model", "clip_text_model"));
        keys.put("vocab_size", Key.of(49408, model.vocabSize()));
        keys.put("max_position_embeddings", Key.of(77, model.contextLength()));
        // With 2 their code reads at the largest id, else at the first of this one: the same for the last of the
        // vocabulary.
        keys.put(
                "eos_token_id",
                new Key(
                        END,
                        id -> List.of(LEGACY_END, END, model.vocabSize() - 1)
                                .contains((id.isArray() && id.size() == 1 ? id.get(0) : id).asInt()),
                        model.vocabSize() - 1));
        return keys;
    }

    private Map<String, Key> huggingFaceVision() {
        Map<String, Key> keys = tower(
                768,
                model.visionWidth(),
                12,
                model.visionHeads(),
                model.visionLayers().get(0));
        keys.put("model_type", Key.of("clip_vision_model", "clip_vision_model"));
        keys.put("image_size", size(224));
        keys.put("patch_size", Key.of(32, model.visionPatchSize()));
        keys.put("num_channels", Key.of(3, 3));
        return keys;
    }

    private static Map<String, Key> tower(int usualWidth, int width, int usualHeads, int heads, int layers) {
        Map<String, Key> keys = new LinkedHashMap<>();
        keys.put("hidden_size", Key.of(usualWidth, width));
        keys.put("intermediate_size", Key.of(4 * usualWidth, 4 * width));
        keys.put("num_hidden_layers", Key.of(12, layers));
        keys.put("num_attention_heads", Key.of(usualHeads, heads));
        keys.put("hidden_act", Key.of("quick_gelu", "quick_gelu"));
        keys.put("layer_norm_eps", Key.of(1e-5, 1e-5));
        keys.put("attention_dropout", Key.of(0, 0));
        keys.put("dropout", Key.of(0, 0));
        return keys;
    }

    private Map<String, Key> pixels(String size, String mean, String std, Map<String, Key> more) {
        Map<String, Key> keys = new LinkedHashMap<>(more);
        keys.put(size, size.equals("size") && mean.equals("image_mean") ? shortestEdge() : size(model.imageResolution()));
        keys.put(mean, Key.of(PixelStatistics.CLIP.mean(), PixelStatistics.CLIP.mean()));
        keys.put(std, Key.of(PixelStatistics.CLIP.std(), PixelStatistics.CLIP.std()));
        return keys;
    }

    /** Hugging Face's, of images before they are cropped: two sides would be those of an image that is squeezed. */
    private Key shortestEdge() {
        int side = model.imageResolution();
        return new Key(
                side,
                value -> value.isNumber() && value.asInt() == side
                        || value.size() == 1 && value.path("shortest_edge").asInt() == side,
                Map.of("shortest_edge", side));
    }

    private static Key ofClip() {
        return new Key(
                "CLIPImageProcessor",
                value -> value.asText().matches("CLIP(ImageProcessor(Fast|Pil)?|FeatureExtractor)"),
                "CLIPImageProcessor");
    }

    /** A side, or two equal ones, or one by name. */
    private Key size(int absent) {
        int side = model.imageResolution();
        return new Key(
                absent,
                value -> {
                    JsonNode sides =
                            value.isValueNode() ? JSON.createArrayNode().add(value) : value;
                    boolean fits = !sides.isEmpty();
                    for (JsonNode one : sides) {
                        fits &= one.isNumber() && one.asInt() == side;
                    }
                    return fits;
                },
                side);
    }

    private void section(String file, String place, JsonNode section, Map<String, Key> keys, Set<String> meaningless) {
        Set<String> unknown = new HashSet<>();
        section.fieldNames().forEachRemaining(unknown::add);
        keys.forEach((name, key) -> {
            unknown.remove(name);
            boolean given = section.hasNonNull(name);
            JsonNode value = given ? section.get(name) : JSON.valueToTree(key.absent);
            if (!value.isNull() && !key.fits.test(value)) {
                throw refused(
                        file,
                        place + name,
                        given ? value.toString() : "left out, which means " + value,
                        "here it is " + JSON.valueToTree(key.computed));
            }
        });
        unknown.stream()
                .sorted()
                .filter(name -> !meaningless.contains(name) && saysSomething(section.get(name)))
                .findFirst()
                .ifPresent(name -> {
                    throw refused(file, place + name, section.get(name).toString(), "that is not known here");
                });
    }

    /** What is switched off is off here too. */
    private static boolean saysSomething(JsonNode value) {
        return !(value.isNull() || value.isTextual() && value.asText().isEmpty()
                || value.isBoolean() && !value.booleanValue()
                || value.isContainerNode() && value.isEmpty());
    }

    private CheckpointException refused(String file, String key, String value, String here) {
        String shown = value.length() > 80 ? value.substring(0, 80) + "..." : value;
        return new CheckpointException(weights + " belongs to a model that cannot be computed: " + key + " of the "
                + file + " beside it is " + shown + ", and " + here
                + ". Choose other weights, or another --model_name if the table has one with it");
    }

    private static boolean alike(JsonNode value, JsonNode wanted) {
        if (wanted.isArray()) {
            return value.isArray()
                    && value.size() == wanted.size()
                    && IntStream.range(0, value.size()).allMatch(i -> alike(value.get(i), wanted.get(i)));
        }
        if (wanted.isNumber()) {
            return value.isNumber()
                    && Math.abs(value.asDouble() - wanted.asDouble()) <= CLOSE * Math.abs(wanted.asDouble());
        }
        return wanted.isTextual() ? value.asText().equalsIgnoreCase(wanted.asText()) : value.equals(wanted);
    }

    private JsonNode read(String name) {
        Path file = weights.resolveSibling(name);
        if (!Files.isRegularFile(file)) {
            return JSON.missingNode();
        }
        try {
            if (Files.size(file) > LARGEST) {
                throw new CheckpointException("The " + name + " beside " + weights + " has " + Files.size(file)
                        + " bytes; expected at most " + LARGEST);
            }
            JsonNode root = JSON.readTree(file.toFile());
            if (!root.isObject()) {
                throw new CheckpointException(
                        "The " + name + " beside " + weights
                                + " is no JSON object, so what it says of the model cannot be checked. Repair it, or move it away");
            }
            return root;
        } catch (JsonProcessingException e) {
            String place =
                    e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
            throw new CheckpointException(
                    "The " + name + " beside " + weights
                            + " cannot be read, so what it says of the model cannot be checked: it is malformed JSON"
                            + place + ". Repair it, or move it away",
                    e);
        } catch (IOException e) {
            throw new CheckpointException(
                    "The " + name + " beside " + weights
                            + " cannot be read, so what it says of the model cannot be checked: "
                            + FileProblem.of(e).lines().collect(Collectors.joining(" "))
                            + ". Repair it, or move it away",
                    e);
        }
    }
}
