package ai.modx.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * CLIP's symmetric InfoNCE: every image should pick its own caption out of the batch, and every caption its image
 * (Radford et al. 2021, figure 3).
 */
public final class ContrastiveLoss {

    private ContrastiveLoss() {}

    /**
     * The mean of the cross-entropies of both directions.
     *
     * @param cosines    (B, B), images in rows, captions in columns, pairs on the diagonal
     * @param logitScale the learned logarithm of the inverse temperature, a scalar
     * @return a scalar
     */
    public static NDArray of(NDArray cosines, NDArray logitScale) {
        NDArray logits = cosines.mul(logitScale.exp());
        // The mean over rows of both directions, as one weight on the diagonal. No NDArray.mul(Number) on anything that is
        // recorded: the engine keeps such a number in a Java buffer that may be collected before backward reads it. Nor on a constant: it
        // would copy the number to the device, and wait for all that this has to do.
        int batch = (int) cosines.getShape().get(0);
        NDManager manager = cosines.getManager();
        NDArray pairs = manager.eye(batch).div(manager.full(new Shape(), -2f * batch));
        return onPairs(logits, pairs).add(onPairs(logits.transpose(), pairs));
    }

    private static NDArray onPairs(NDArray logits, NDArray pairs) {
        return logits.logSoftmax(1).mul(pairs).sum();
    }
}
