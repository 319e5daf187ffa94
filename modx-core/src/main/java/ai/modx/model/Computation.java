package ai.modx.model;

/**
 * How a CLIP model is computed, as opposed to what it is.
 *
 * @param precision  element type of the arithmetic
 * @param pixels     what images are normalised with
 * @param shortTexts compute only the token columns up to the longest caption of a batch: the text tower is causal and
 *                   read at the end mark, so the rest changes nothing
 */
public record Computation(Precision precision, PixelStatistics pixels, boolean shortTexts) {

    /** CLIP's pixel statistics, short texts. */
    public static Computation in(Precision precision) {
        return new Computation(precision, PixelStatistics.CLIP, true);
    }
}
