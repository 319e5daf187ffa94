package ai.modx.train;

import ai.djl.ndarray.NDArray;
import ai.modx.data.Batch;
import ai.modx.model.Features;
import ai.modx.parallel.BatchLoss;

/** What makes a way of training: the loss of a batch. Everything else is the same for all. */
@FunctionalInterface
public interface TrainingMethod extends AutoCloseable {

    /**
     * Computes the loss; called with gradients on.
     *
     * @param student    features of the whole batch by the model in training
     * @param logitScale its learned logarithm of the inverse temperature, a scalar
     * @param batch      the samples behind the features
     */
    BatchLoss loss(Features student, NDArray logitScale, Batch batch);

    /** Frees what the method holds; most hold nothing. */
    @Override
    default void close() {}
}
