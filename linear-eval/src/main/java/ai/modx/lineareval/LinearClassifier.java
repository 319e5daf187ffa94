package ai.modx.lineareval;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.modx.model.InitialValue;
import ai.modx.torch.HostTensor;
import ai.modx.torch.ScriptSource;
import ai.modx.torch.TensorCopy;
import ai.modx.torch.TorchProgram;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** A linear layer that tells classes by features, on one device. Letters: B rows, E features, C classes. Not thread safe. */
final class LinearClassifier implements AutoCloseable {

    /** The names of torch's Linear. */
    static final String WEIGHT = "weight";
    static final String BIAS = "bias";

    private static final InitialValue INITIAL_WEIGHT = new InitialValue.Normal(0.01);

    private final NDManager manager;
    private final TorchProgram program;
    private final NDArray weight;
    private final NDArray bias;

    /** @param state float32 weight (C, E) and bias (C) */
    LinearClassifier(NDManager parent, Map<String, HostTensor> state) {
        manager = parent.newSubManager();
        program = TorchProgram.load(manager, ScriptSource.of(LinearClassifier.class, "linear_probe.py"), "LinearProbe", Map.of());
        weight = parameter(state.get(WEIGHT));
        bias = parameter(state.get(BIAS));
    }

    private NDArray parameter(HostTensor value) {
        NDArray array = TensorCopy.toDevice(manager, value);
        array.setRequiresGradient(true);
        return array;
    }

    /** What the original starts from: weights N(0, 0.01), no bias. */
    static Map<String, HostTensor> initialState(int classes, int features, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        float[] weights = new float[Math.multiplyExact(classes, features)];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = INITIAL_WEIGHT.next(random);
        }
        return Map.of(WEIGHT, HostTensor.of(weights, classes, features), BIAS, HostTensor.of(new float[classes], classes));
    }

    /** Both by their names in torch's Linear. */
    Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        state.put(WEIGHT, weight);
        state.put(BIAS, bias);
        return state;
    }

    /** Weight and bias, in this order, which is the optimizer's. */
    List<NDArray> parameters() {
        return List.of(weight, bias);
    }

    int classes() {
        return Math.toIntExact(bias.size());
    }

    /**
     * Cross entropy, summed over the rows; recorded for backpropagation.
     *
     * @param features (B, E)
     * @param labels   int64 (B)
     */
    NDArray loss(NDArray features, NDArray labels) {
        return program.call("loss", features, weight, bias, labels);
    }

    /** Counts the rows whose class is guessed, see {@link HitCounts}. */
    void count(NDArray features, NDArray labels, HitCounts hits) {
        program.update("count_hits", features, labels, weight, bias, hits.top1(), hits.topK(), (long) hits.k());
    }

    /** Stores rows (B, E) of a matrix (N, E), which may be on another device. */
    void remember(NDArray rows, NDArray indices, NDArray matrix) {
        program.update("remember", rows, indices, matrix);
    }

    /** Rows of a matrix on this device: (N, E) to (B, E). */
    NDArray recall(NDArray matrix, NDArray indices) {
        return program.call("recall", matrix, indices);
    }

    @Override
    public void close() {
        program.close();
        manager.close();
    }
}
