package ai.modx.loss;

import ai.djl.ndarray.NDArray;

/** Cosines between images and captions by features that are not in training; {@code clip_loss.py} has those of the others. */
public final class CosineSimilarity {

    private CosineSimilarity() {}

    /** Rows scaled to Euclidean length 1: (B, E) to (B, E). */
    public static NDArray normalize(NDArray features) {
        return features.div(features.norm(new int[] {1}, true));
    }

    /** S with S[i][j] the cosine of image i and caption j: (B, E) and (B, E), each of unit rows, to (B, B). */
    public static NDArray matrix(NDArray imageRows, NDArray textRows) {
        return imageRows.matMul(textRows.transpose());
    }
}
