package ai.modx.loss;

import ai.djl.ndarray.NDArray;

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
        return crossEntropyOfDiagonal(logits).add(crossEntropyOfDiagonal(logits.transpose())).div(2);
    }

    /** Mean over rows i of -log softmax(row i)[i]: (B, B) to a scalar. */
    static NDArray crossEntropyOfDiagonal(NDArray logits) {
        long batch = logits.getShape().get(0);
        NDArray diagonal = logits.getManager().eye((int) batch);
        return logits.logSoftmax(1).mul(diagonal).sum().div(-batch);
    }
}
