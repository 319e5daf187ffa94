package ai.modx.parallel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.modx.torch.TensorCopy;
import java.util.Collections;
import java.util.LinkedHashMap;
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

    /** Waits for the device, once for all numbers. */
    Values read() {
        NDList scalars = new NDList(total);
        scalars.addAll(parts.values());
        float[] numbers = TensorCopy.toHost(NDArrays.stack(scalars)).toFloatArray();
        Map<String, Double> values = new LinkedHashMap<>();
        int next = 1;
        for (String name : parts.keySet()) {
            values.put(name, (double) numbers[next++]);
        }
        return new Values(numbers[0], values);
    }
}
