package ai.modx.checkpoint;

import ai.modx.torch.HostTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Turns the names of a state dict into OpenAI's: takes off what wrappers put before them, leaves out buffers that
 * nothing is computed with, and
 * knows Hugging Face's names. And it says of weights that are no whole CLIP what they are.
 */
final class ForeignNames {

    /**
     * Of DistributedDataParallel, of torch.compile, and of classes that hold the model under a name; in any order, and
     * several of them.
     */
    private static final List<String> WRAPPERS = List.of("module.", "_orig_mod.", "model.", "clip.", "clip_model.");
    /** A part that is wrapped by itself has it in between. */
    private static final Pattern INNER = Pattern.compile("\\.(_orig_mod|module)\\.");
    /** What open_clip's CustomTextCLIP calls its text tower, whose tensors are OpenAI's. */
    private static final String TEXT_TOWER = "text.";
    /** The causal mask of the text tower, and the count of averaged models of torch's AveragedModel. */
    private static final Set<String> BUFFERS = Set.of("attn_mask", "n_averaged");

    private static final String MASK = ".attn_mask";

    private static final String LOGIT_SCALE = "logit_scale";
    private static final String LOGIT_BIAS = "logit_bias";
    private static final Pattern SHARD = Pattern.compile(".*-(\\d{5})-of-(\\d{5})\\.\\w+");

    private ForeignNames() {}

    /** The tensors under OpenAI's names, as far as they are known; others keep theirs. */
    static Map<String, HostTensor> toOpenAi(Map<String, HostTensor> foreign) {
        Map<String, HostTensor> named = unwrapped(foreign);
        Map<String, HostTensor> model =
                HuggingFaceNames.matches(named.keySet()) ? HuggingFaceNames.toOpenAi(named) : withoutTextPrefix(named);
        model.computeIfPresent(
                LOGIT_SCALE,
                (name, scale) -> scale.numel() == 1 ? new HostTensor(scale.type(), new long[0], scale.data()) : scale);
        return model;
    }

    /** Under the names that the model's own class gives them. */
    static <T> Map<String, T> unwrapped(Map<String, T> wrapped) {
        Map<String, T> tensors = withoutBuffers(wrapped);
        for (Optional<String> wrapper = wrapper(tensors); wrapper.isPresent(); wrapper = wrapper(tensors)) {
            int length = wrapper.get().length();
            Map<String, T> inner = new LinkedHashMap<>();
            tensors.forEach((name, tensor) -> inner.put(name.substring(length), tensor));
            tensors = withoutBuffers(inner);
        }
        return tensors;
    }

    private static <T> Map<String, T> withoutBuffers(Map<String, T> tensors) {
        Map<String, T> others = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (!BUFFERS.contains(name) && !name.endsWith(MASK)) {
                others.put(INNER.matcher(name).replaceAll("."), tensor);
            }
        });
        return others;
    }

    private static Optional<String> wrapper(Map<String, ?> tensors) {
        return WRAPPERS.stream()
                .filter(prefix ->
                        !tensors.isEmpty() && tensors.keySet().stream().allMatch(name -> name.startsWith(prefix)))
                .findFirst();
    }

    private static Map<String, HostTensor> withoutTextPrefix(Map<String, HostTensor> tensors) {
        if (!tensors.containsKey(TEXT_TOWER + "token_embedding.weight")) {
            return new LinkedHashMap<>(tensors);
        }
        Map<String, HostTensor> model = new LinkedHashMap<>();
        tensors.forEach((name, tensor) ->
                model.put(name.startsWith(TEXT_TOWER) ? name.substring(TEXT_TOWER.length()) : name, tensor));
        return model;
    }

    /**
     * What weights are that are not those of a CLIP whose towers and scale are computed here, and what to do; nothing
     * if that is not known.
     *
     * @param file  their file's name
     * @param names under OpenAI's names
     */
    static Optional<String> whatElse(String file, Set<String> names) {
        if (SHARD.matcher(file).matches()) {
            return Optional.of(
                    "it is one of several shards of a model. Join them: load the model in Python and save it with "
                            + "save_pretrained(DIR, max_shard_size='100GB')");
        }
        if (names.stream().anyMatch(name -> name.contains("lora_") || name.contains(".adapter"))) {
            return Optional.of(
                    "it holds an adapter (LoRA), which changes a model that it does not hold. Merge it into that model in Python, and save the whole");
        }
        if (names.contains(LOGIT_BIAS)) {
            return Optional.of(
                    "it has logit_bias, as models that were trained with the sigmoid loss of SigLIP have; only CLIP's softmax loss, which knows "
                            + "no bias, is computed. Use a model that was trained with it");
        }
        boolean image = names.stream().anyMatch(name -> name.startsWith("visual.") || name.startsWith("vision_model."))
                || names.contains("class_embedding") || names.contains("attnpool.positional_embedding"); // saved as the tower's own
        boolean text = names.contains("token_embedding.weight")
                || names.stream().anyMatch(name -> name.startsWith("text_model."));
        if (image && !text) {
            return Optional.of(
                    "it holds an image tower alone, without the text tower and logit_scale. Give the checkpoint of the whole model");
        }
        if (text && !image) {
            return Optional.of(
                    "it holds a text tower alone, without the image tower. Give the checkpoint of the whole model");
        }
        return Optional.empty();
    }
}
