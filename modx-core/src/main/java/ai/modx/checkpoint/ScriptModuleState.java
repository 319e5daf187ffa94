package ai.modx.checkpoint;

import ai.modx.torch.HostTensor;
import ai.modx.torch.ScriptObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The state dict of a TorchScript module: the tensors of the module and of the modules inside it, under their dotted names,
 * each module's own tensors first as in torch's {@code state_dict}.
 */
final class ScriptModuleState {

    /** Tensors of OpenAI's archives, and of ours, that describe the model and are no weights. */
    static final Set<String> DESCRIPTIONS = Set.of("input_resolution", "context_length", "vocab_size", "mean", "std");

    private static final String CAUSAL_MASK = "attn_mask"; // computed from the context length, never loaded
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NAME = 1000;
    /** Modules and their attributes; the archive of ViT-L/14 has some thousand. */
    private static final int MAX_ENTRIES = 100_000;

    private final Map<String, Object> model = new LinkedHashMap<>();
    private final Map<String, Object> descriptions = new LinkedHashMap<>();
    private int entries;

    private ScriptModuleState() {}

    /** A tree like that of an ordinary checkpoint: the descriptions, and the weights as {@code model_state_dict}. */
    static Map<String, Object> of(ScriptObject module) {
        ScriptModuleState state = new ScriptModuleState();
        state.collect(module, "", 0);
        Map<String, Object> tree = new LinkedHashMap<>(state.descriptions);
        tree.put("model_state_dict", state.model);
        return tree;
    }

    private void collect(ScriptObject module, String prefix, int depth) {
        // A hostile archive may contain a module in itself, or one module very often.
        entries += 1 + module.attributes().size();
        if (depth > MAX_DEPTH || entries > MAX_ENTRIES) {
            throw new FormatException("its modules are nested too deeply or too many");
        }
        module.attributes().forEach((name, value) -> {
            if (value instanceof HostTensor && prefix.isEmpty() && DESCRIPTIONS.contains(name)) {
                descriptions.put(name, value);
            } else if (value instanceof HostTensor && !name.equals(CAUSAL_MASK)) {
                model.put(named(prefix, name), value);
            }
        });
        module.attributes().forEach((name, value) -> {
            if (value instanceof ScriptObject inner) {
                collect(inner, named(prefix, name) + ".", depth + 1);
            }
        });
    }

    private static String named(String prefix, String name) {
        if (prefix.length() + name.length() > MAX_NAME) {
            throw new FormatException("it has names of more than " + MAX_NAME + " characters");
        }
        return prefix + name;
    }
}
