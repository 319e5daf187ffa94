package ai.modx.model;

import ai.djl.ndarray.NDArray;

/** Features of a training batch that know the way back to the parameters; they die with the scope in which they were made. */
public interface Recorded {

    /** (B, E), not normalised. */
    NDArray features();

    /**
     * Adds to the gradients of the parameters, once.
     *
     * @param gradient of what is minimised with respect to {@link #features}, on the same device
     */
    void backward(NDArray gradient);
}
