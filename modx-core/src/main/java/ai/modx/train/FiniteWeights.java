package ai.modx.train;

import ai.djl.ndarray.NDArray;
import ai.modx.torch.TensorCopy;
import java.util.Map;

/**
 * Keeps a model that diverged from replacing a good one: a last step can make weights infinite without a sign of it in its
 * loss or gradient.
 */
public final class FiniteWeights {

    private FiniteWeights() {}

    /**
     * Checks weights that are about to be saved.
     *
     * @param state  tensors by name; integer ones are passed over
     * @param steps  taken so far
     * @param remedy what to do, for the message
     * @throws DivergedException that names the first tensor with an infinite or undefined element
     */
    public static void require(Map<String, NDArray> state, long steps, String remedy) {
        state.forEach((name, array) -> {
            if (array.getDataType().isFloating() && !isFinite(array)) {
                throw new DivergedException("The weights " + name + " are not finite after step " + steps + ", and are not saved; " + remedy);
            }
        });
    }

    private static boolean isFinite(NDArray array) {
        try (NDArray sum = array.sum()) {
            return Float.isFinite(TensorCopy.toFloat(sum));
        }
    }
}
