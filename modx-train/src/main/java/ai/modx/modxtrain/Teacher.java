package ai.modx.modxtrain;

import ai.djl.ndarray.NDArray;
import ai.modx.data.Batch;

/** The frozen model of the phase before: what it thinks of the pairs of a batch. */
interface Teacher extends AutoCloseable {

    /**
     * Its cosines of a batch's images and captions, in evaluation mode and without gradients.
     *
     * @return (B, B), images in rows, on the device of the loss; dies with the calling thread's scope
     */
    NDArray cosines(Batch batch);

    @Override
    void close();
}
