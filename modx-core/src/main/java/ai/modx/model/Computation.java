package ai.modx.model;

/**
 * How a CLIP model is computed, as opposed to what it is.
 *
 * @param precision  element type of the arithmetic
 * @param pixels     what images are normalised with
 * @param shortTexts compute only the token columns up to the longest caption of a batch: the text tower is causal and
 *                   read at the end mark, so the rest changes nothing
 * @param recompute  in training, keep only what goes into each block (transformer or bottleneck), and compute the block again
 *                   for its gradient: less memory, the same numbers (Chen et al. 2016, <i>Training Deep Nets with Sublinear
 *                   Memory Cost</i>)
 * @param linear     what computes linear layers
 * @param prepared   when weights are rounded to the precision
 */
public record Computation(Precision precision, PixelStatistics pixels, boolean shortTexts, boolean recompute, LinearLayers linear, PreparedWeights prepared) {

    /** Weights prepared where that is faster. */
    public Computation(Precision precision, PixelStatistics pixels, boolean shortTexts, boolean recompute, LinearLayers linear) {
        this(precision, pixels, shortTexts, recompute, linear, PreparedWeights.AUTO);
    }

    /** CLIP's pixel statistics, short texts, nothing computed twice, linear layers by what is faster. */
    public static Computation in(Precision precision) {
        return of(precision, PixelStatistics.CLIP, LinearLayers.AUTO);
    }

    /** Whether linear layers are computed as convolutions, which rounds otherwise. */
    public boolean convolvesLinear(boolean gpu) {
        return linear.convolved(gpu, precision);
    }

    /** The same with other linear layers. */
    public Computation with(LinearLayers other) {
        return new Computation(precision, pixels, shortTexts, recompute, other, prepared);
    }

    /** Short texts, nothing computed twice. */
    public static Computation of(Precision precision, PixelStatistics pixels, LinearLayers linear) {
        return new Computation(precision, pixels, true, false, linear);
    }
}
