package ai.modx.parallel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.modx.torch.NativeScope;
import ai.modx.torch.TensorCopy;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The loss of a batch, on the device where it was computed.
 *
 * @param total what is minimised, a scalar
 * @param parts scalars to report beside it, by their names in {@code metrics.jsonl}, in order
 */
public record BatchLoss(NDArray total, Map<String, NDArray> parts) {

    /**
     * The numbers.
     *
     * @param total what is minimised
     * @param parts what is reported beside it, in order
     */
    public record Values(double total, Map<String, Double> parts) {}

    public BatchLoss {
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }

    /** A loss without parts. */
    public static BatchLoss of(NDArray total) {
        return new BatchLoss(total, Map.of());
    }

    /** The numbers, which the device may still have to compute. They outlive the scope, without the graph. */
    Pending pending() {
        NDList scalars = new NDList(total);
        scalars.addAll(parts.values());
        return new Pending(List.copyOf(parts.keySet()), NativeScope.keep(NDArrays.stack(scalars).stopGradient()));
    }

    /** Numbers of a loss on a device: reading them waits for it. */
    public static final class Pending {

        private final List<String> names;
        private final NDArray numbers;

        private Pending(List<String> names, NDArray numbers) {
            this.names = names;
            this.numbers = numbers;
        }

        /** Waits for the device and frees what it held; once only. */
        public Values read() {
            float[] read = TensorCopy.toHost(numbers).toFloatArray();
            numbers.close();
            Map<String, Double> parts = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                parts.put(names.get(i), (double) read[i + 1]);
            }
            return new Values(read[0], parts);
        }
    }
}
