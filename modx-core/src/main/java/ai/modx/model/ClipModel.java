package ai.modx.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.ScriptArchive;
import ai.modx.torch.ScriptObject;
import ai.modx.torch.TensorCopy;
import ai.modx.torch.TensorFloat32;
import ai.modx.torch.TorchProgram;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * CLIP's weights on one device, and the program that computes with them. Letters: B batch, L tokens, E embedding,
 * S image side.
 *
 * <p>Not thread safe. Features die with the calling thread's {@link ai.modx.torch.NativeScope}; the weights live until
 * {@link #close}.
 */
public final class ClipModel implements AutoCloseable {

    /** The original keeps the inverse temperature between 1 and 100: its clamp of {@code logit_scale}. */
    public static final double MAX_LOGIT_SCALE = 4.6052;

    public static final String LOGIT_SCALE = "logit_scale";

    private static final List<String> PREPARED = List.of("rounded", "norms", "biases");

    private final ModelConfig config;
    private final boolean recompute;
    /** Parameters that take part by copies. */
    private final Set<String> preparedNames;
    /** A scalar that tells the program which device is meant. */
    private final NDArray place;
    private final NDManager manager;
    private final TorchProgram program;
    private final Map<String, NDArray> state = new LinkedHashMap<>();
    private final List<String> trainableNames;
    private List<NDArray> parameters;
    private final List<NDArray> buffers;

    /**
     * Puts a model on a device.
     *
     * @param parent    gives the device; closes the model at the latest
     * @param values    a tensor for every name of {@link ClipParameters#of}, of its shape; others are ignored
     * @param trainable whether gradients are recorded for the parameters
     */
    public ClipModel(NDManager parent, ModelConfig config, Computation computation, Map<String, HostTensor> values, boolean trainable) {
        this.config = config;
        recompute = computation.recompute();
        manager = parent.newSubManager();
        boolean gpu = manager.getDevice().isGpu();
        List<ParameterSpec> specs = ClipParameters.of(config);
        Map<String, Object> preparation = preparation(specs, computation, gpu, trainable);
        preparedNames = PREPARED.stream().flatMap(key -> ((List<?>) preparation.get(key)).stream()).map(String.class::cast).collect(Collectors.toSet());
        if (computation.precision() == Precision.TF32) {
            TensorFloat32.allow(true);
        }
        program = TorchProgram.load(manager, ClipModel.class, "clip.torchscript.py", "Clip", Map.of(
                "vision_heads", config.visionHeads(),
                "text_heads", config.transformerHeads(),
                "dtype", computation.precision().torchNumber(),
                "convolve_linear", computation.convolvesLinear(gpu),
                "mean", HostTensor.of(computation.pixels().mean(), 3),
                "std", HostTensor.of(computation.pixels().std(), 3),
                "preparation", new ScriptObject(ScriptArchive.NAMESPACE + "Preparation", preparation)));
        place = NativeScope.keep(manager.create(0f));
        for (ParameterSpec spec : specs) {
            state.put(spec.name(), upload(spec, values.get(spec.name()), trainable));
        }
        trainableNames = specs.stream().filter(ParameterSpec::isTrainable).map(ParameterSpec::name).toList();
        parameters = trainableNames.stream().map(state::get).toList();
        buffers = specs.stream().filter(spec -> !spec.isTrainable()).map(spec -> state.get(spec.name())).toList();
        prepare();
    }

    /** What the class Preparation of the program starts with. */
    private static Map<String, Object> preparation(List<ParameterSpec> specs, Computation computation, boolean gpu, boolean trainable) {
        boolean once = computation.prepared().once(gpu);
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("training", true);
        attributes.put("trainable", trainable);
        attributes.put("rounded", names(specs, spec -> once && computation.precision() == Precision.BF16 && spec.isOfProducts()));
        attributes.put("norms", names(specs, spec -> once && spec.isScaledNorm()));
        attributes.put("biases", names(specs, spec -> once && spec.isScaledBias()));
        List.of("rounded_copies", "norm_copies", "bias_copies").forEach(copies -> attributes.put(copies, List.of()));
        List.of("originals", "prepared").forEach(weights -> attributes.put(weights, Map.of()));
        attributes.put("collected", false);
        return attributes;
    }

    private static List<String> names(List<ParameterSpec> specs, Predicate<ParameterSpec> wanted) {
        return specs.stream().filter(wanted).map(ParameterSpec::name).toList();
    }

    private NDArray upload(ParameterSpec spec, HostTensor value, boolean trainable) {
        if (value == null || HostTensor.numel(value.shape()) != spec.numel()) {
            throw new IllegalArgumentException("No fitting value for " + spec.name());
        }
        HostTensor typed = spec.kind() == ParameterSpec.Kind.COUNTER ? value : value.toFloat32();
        NDArray array = TensorCopy.toDevice(manager, typed);
        TorchProgram.nameAsParameter(array, spec.name());
        if (trainable && spec.isTrainable()) {
            array.setRequiresGradient(true);
        }
        return array;
    }

    /**
     * Image features, not normalised.
     *
     * @param images uint8 (B, S, S, 3), or normalised float32 (B, 3, S, S)
     * @return (B, E)
     */
    public NDArray encodeImage(NDArray images, BatchStatistics statistics) {
        return program.call(statistics.method(), images, state.values());
    }

    /**
     * Text features, not normalised.
     *
     * @param tokens int64 or int32 (B, L) with L at most the context length
     * @return (B, E)
     */
    public NDArray encodeText(NDArray tokens) {
        return program.call("encode_text", tokens, state.values());
    }

    /**
     * Image features for training, by batch statistics that are {@link BatchStatistics#REMEMBERED}.
     *
     * @param images as above
     */
    public Recorded recordImage(NDArray images) {
        return recompute ? checkpointed("image", images) : new WithGraph(encodeImage(images, BatchStatistics.REMEMBERED));
    }

    /**
     * Text features for training.
     *
     * @param tokens as above
     */
    public Recorded recordText(NDArray tokens) {
        return recompute ? checkpointed("text", tokens) : new WithGraph(encodeText(tokens));
    }

    private Recorded checkpointed(String tower, NDArray input) {
        List<NDArray> kept = new ArrayList<>(List.of(input));
        kept.addAll(program.call(tower + "_checkpoints", kept, state.values()));
        return new Checkpointed(tower, kept.remove(kept.size() - 1), kept);
    }

    /** The usual way: the graph of the whole tower is in memory. */
    private record WithGraph(NDArray features) implements Recorded {

        @Override
        public void backward(NDArray gradient) {
            JniUtils.backward((PtNDArray) features, (PtNDArray) gradient, false, false);
        }
    }

    /** The graph of one block after another is in memory. */
    private final class Checkpointed implements Recorded {

        private final String tower;
        private final NDArray features;
        /** What goes into the tower, into each of its blocks, and into its head. */
        private final List<NDArray> kept;

        Checkpointed(String tower, NDArray features, List<NDArray> kept) {
            this.tower = tower;
            this.features = features;
            this.kept = kept;
        }

        @Override
        public NDArray features() {
            return features;
        }

        @Override
        public void backward(NDArray gradient) {
            List<NDArray> inputs = new ArrayList<>(kept);
            inputs.add(gradient);
            program.call(tower + "_backward", inputs, state.values());
        }
    }

    /**
     * Adds what a backpropagation left at the copies of {@link PreparedWeights prepared} parameters to the gradients of the parameters.
     * To be called after each, at least once before an update.
     */
    public void collectGradients() {
        if (!preparedNames.isEmpty()) {
            try (NativeScope scope = NativeScope.withoutGradients()) {
                program.call("collect_gradients", place, List.of());
            }
        }
    }

    /**
     * To be called when the weights have changed. Puts arrays without gradients in the place of the parameters, over the same memory. The
     * next backpropagation leaves its gradients there as they are, where it would have to add them to others, which someone would have had to
     * set to zero; and until then they take no memory. (Gradients of prepared parameters stay; collecting overwrites them.)
     */
    public void forgetGradients() {
        for (String name : trainableNames) {
            if (!preparedNames.contains(name)) {
                NDArray before = state.get(name);
                NDArray fresh = NativeScope.keep(before.stopGradient());
                TorchProgram.nameAsParameter(fresh, name);
                fresh.setRequiresGradient(true);
                state.put(name, fresh);
                before.close();
            }
        }
        parameters = trainableNames.stream().map(state::get).toList();
        prepare();
    }

    /** To be called instead of {@link #forgetGradients} by whoever sets the gradients to zero. */
    public void prepare() {
        if (!preparedNames.isEmpty()) {
            try (NativeScope scope = NativeScope.withoutGradients()) {
                program.call("prepare", place, state.values());
            }
        }
    }

    public ModelConfig config() {
        return config;
    }

    /** What arrays that go into the model are created with. */
    public NDManager manager() {
        return manager;
    }

    /** All tensors by name, in {@code state_dict} order. */
    public Map<String, NDArray> state() {
        return Collections.unmodifiableMap(state);
    }

    /** The trainable tensors in {@code state_dict} order, which is the optimizer's; others after {@link #forgetGradients}. */
    public List<NDArray> parameters() {
        return parameters;
    }

    /** The other tensors, in {@code state_dict} order: the running statistics of batch normalisation, if the model has any. */
    public List<NDArray> buffers() {
        return buffers;
    }

    /** The learned logarithm of the inverse temperature, a scalar. */
    public NDArray logitScale() {
        return state.get(LOGIT_SCALE);
    }

    @Override
    public void close() {
        place.close();
        program.close();
        manager.close();
    }
}
