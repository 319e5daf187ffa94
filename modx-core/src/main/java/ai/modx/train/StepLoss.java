package ai.modx.train;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The loss of a batch.
 *
 * @param total what is minimised, a scalar
 * @param parts values to report beside it, by their names in {@code metrics.jsonl}, in order
 */
public record StepLoss(NDArray total, Map<String, Double> parts) {

    public StepLoss {
        parts = new LinkedHashMap<>(parts);
    }
}
