package ai.modx.model;

import ai.modx.torch.ScriptArchive;
import ai.modx.torch.ScriptObject;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which parameters take part in a model's computation by copies that are made once, see {@link PreparedWeights}.
 *
 * @param names  of those parameters
 * @param object the instance of class ComputeWeights that the program starts with
 */
record WeightCopies(Set<String> names, ScriptObject object) {

    /**
     * Those of a model.
     *
     * @param specs     all its tensors
     * @param gpu       whether it is on one
     * @param trainable whether the copies have gradients
     */
    static WeightCopies of(List<ParameterSpec> specs, Computation computation, boolean gpu, boolean trainable) {
        Predicate<ParameterSpec> once = spec -> computation.prepared().once(gpu);
        Predicate<ParameterSpec> rounded = spec -> computation.precision() == Precision.BF16 && spec.isOfProducts();
        int dtype = computation.precision().torchNumber();
        Set<String> names = new HashSet<>();
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("p", Map.of());
        attributes.put("rounded", copies(names(specs, once.and(rounded), names), false, dtype, trainable));
        attributes.put("scaled_norms", copies(names(specs, once.and(ParameterSpec::isScaledNorm), names), true, Precision.FP32.torchNumber(), trainable));
        attributes.put("scaled_biases", copies(names(specs, once.and(ParameterSpec::isScaledBias), names), true, dtype, trainable));
        attributes.put("accumulated", false);
        return new WeightCopies(Set.copyOf(names), new ScriptObject(ScriptArchive.NAMESPACE + "ComputeWeights", attributes));
    }

    private static List<String> names(List<ParameterSpec> specs, Predicate<ParameterSpec> wanted, Set<String> all) {
        List<String> names = specs.stream().filter(wanted).map(ParameterSpec::name).toList();
        all.addAll(names);
        return names;
    }

    private static ScriptObject copies(List<String> names, boolean scaled, int dtype, boolean trainable) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("names", names);
        attributes.put("suffix", scaled ? " scaled" : "");
        attributes.put("scaled", scaled);
        attributes.put("dtype", dtype);
        attributes.put("trainable", trainable);
        List.of("parameters", "copies", "leaves").forEach(list -> attributes.put(list, List.of()));
        return new ScriptObject(ScriptArchive.NAMESPACE + "Copies", attributes);
    }
}
