package ai.modx.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.ScriptSource;
import ai.modx.torch.TensorCopy;
import ai.modx.torch.TensorFloat32;
import ai.modx.torch.TorchProgram;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

    private static final ScriptSource SOURCE =
            ScriptSource.of(ClipModel.class, "clip.py", "clip_fast.py", "recompute.py", "compute_weights.py", "clip_module.py");

    private final ModelConfig config;
    private final boolean recompute;
    /** Parameters that take part by copies. */
    private final Set<String> copied;
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
        WeightCopies copies = WeightCopies.of(specs, computation, gpu, trainable);
        copied = copies.names();
        if (computation.precision() == Precision.TF32) {
            TensorFloat32.allow(true);
        }
        program = TorchProgram.load(manager, SOURCE, "Clip", Map.of(
                "resnet", config.isResNet(),
                "vision_heads", config.visionHeads(),
                "text_heads", config.transformerHeads(),
                "dtype", computation.precision().torchNumber(),
                "convolve_linear", computation.convolvesLinear(gpu),
                "mean", HostTensor.of(computation.pixels().mean(), 3),
                "std", HostTensor.of(computation.pixels().std(), 3),
                "weights", copies.object()));
        for (ParameterSpec spec : specs) {
            state.put(spec.name(), upload(spec, values.get(spec.name()), trainable));
        }
        trainableNames = specs.stream().filter(ParameterSpec::isTrainable).map(ParameterSpec::name).toList();
        parameters = trainableNames.stream().map(state::get).toList();
        buffers = specs.stream().filter(spec -> !spec.isTrainable()).map(spec -> state.get(spec.name())).toList();
        putWeights(state);
    }

    private NDArray upload(ParameterSpec spec, HostTensor value, boolean trainable) {
        if (value == null || HostTensor.numel(value.shape()) != spec.numel()) {
            throw new IllegalArgumentException("No fitting value for " + spec.name());
        }
        HostTensor typed = spec.kind() == ParameterSpec.Kind.COUNTER ? value : value.toFloat32();
        NDArray array = TensorCopy.toDevice(manager, typed);
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
        return program.call(statistics.method(), images);
    }

    /**
     * Text features, not normalised.
     *
     * @param tokens int64 or int32 (B, L) with L at most the context length
     * @return (B, E)
     */
    public NDArray encodeText(NDArray tokens) {
        return program.call("encode_text", tokens);
    }

    /**
     * Image features for training, by batch statistics that are {@link BatchStatistics#TRAIN}.
     *
     * @param images as above
     */
    public Recorded recordImage(NDArray images) {
        return recompute ? checkpointed("image", images) : new WithGraph(encodeImage(images, BatchStatistics.TRAIN));
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
        List<NDArray> kept = new ArrayList<>(program.callForList(tower + "_checkpoints", input));
        return new Checkpointed(tower, input, kept.remove(kept.size() - 1), kept);
    }

    /** The usual way: the graph of the whole tower is in memory. */
    private record WithGraph(NDArray features) implements Recorded {

        @Override
        public void backward(NDArray gradient) {
            JniUtils.backward((PtNDArray) features, (PtNDArray) gradient, false, false);
            features.close(); // and with it what is left of the graph, which holds gradients of copies
        }
    }

    /** The graph of one block after another is in memory. */
    private final class Checkpointed implements Recorded {

        private final String tower;
        private final NDArray input;
        private final NDArray features;
        /** What goes into each of the tower's blocks, and into its head. */
        private final List<NDArray> kept;

        Checkpointed(String tower, NDArray input, NDArray features, List<NDArray> kept) {
            this.tower = tower;
            this.input = input;
            this.features = features;
            this.kept = kept;
        }

        @Override
        public NDArray features() {
            return features;
        }

        @Override
        public void backward(NDArray gradient) {
            program.callForList(tower + "_backward", input, kept, gradient);
        }
    }

    /**
     * Adds the gradients of {@link PreparedWeights copies} to those of the parameters. To be called after each backpropagation, and at least
     * once before an update.
     */
    public void collectGradients() {
        if (!copied.isEmpty()) {
            try (NativeScope scope = NativeScope.withoutGradients()) {
                program.callForList("accumulate_grads");
            }
        }
    }

    /**
     * To be called when the weights have changed. Puts arrays without gradients in the place of the parameters, over the same memory. The
     * next backpropagation leaves its gradients there as they are, where it would have to add them to others, which someone would have had to
     * set to zero; and until then they take no memory. (Gradients of parameters that take part by copies stay; collecting overwrites them.)
     */
    public void forgetGradients() {
        Map<String, NDArray> changed = new LinkedHashMap<>();
        for (String name : trainableNames) {
            if (!copied.contains(name)) {
                NDArray before = state.get(name);
                NDArray fresh = NativeScope.keep(before.stopGradient());
                fresh.setRequiresGradient(true);
                state.put(name, fresh);
                changed.put(name, fresh);
                before.close();
            }
        }
        parameters = trainableNames.stream().map(state::get).toList();
        putWeights(changed);
    }

    /** To be called when the weights have changed by whoever sets their gradients to zero. */
    public void weightsChanged() {
        if (!copied.isEmpty()) {
            putWeights(Map.of(LOGIT_SCALE, logitScale())); // nothing new but what is behind the arrays
        }
    }

    /** Hands over arrays that the program does not have yet, and lets it copy what it copies. */
    private void putWeights(Map<String, NDArray> changed) {
        try (NativeScope scope = NativeScope.withoutGradients()) {
            program.callForList("update_weights", changed);
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
        program.close();
        manager.close();
    }
}
