package ai.modx.eval;

import ai.djl.ndarray.NDArray;

/** Takes features batch by batch, from all devices at once. */
@FunctionalInterface
public interface FeatureSink {

    /**
     * Takes a batch.
     *
     * @param features float32 (B, E), on the device that computed them; they die after the call
     * @param indices  [B], which of the images or captions they are of
     */
    void put(NDArray features, int[] indices);
}
