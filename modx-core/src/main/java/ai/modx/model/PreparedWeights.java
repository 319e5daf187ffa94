package ai.modx.model;

/**
 * When weights are rounded to the precision of products, and vectors multiplied with QuickGELU's factor: once, whenever they have
 * changed, or at each use. The results are the same bits.
 */
public enum PreparedWeights {
    /** Once on GPUs, which wait for each of the hundreds of small kernels; at each use on the CPU, in less memory. */
    AUTO,

    ONCE,

    AT_EACH_USE;

    /** Whether it is once. */
    boolean once(boolean gpu) {
        return this == ONCE || this == AUTO && gpu;
    }
}
