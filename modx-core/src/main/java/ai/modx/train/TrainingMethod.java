package ai.modx.train;

import ai.modx.data.Batch;
import ai.modx.parallel.FeatureLoss;

/** What makes a way of training: the loss of a batch. Everything else is the same for all. */
@FunctionalInterface
public interface TrainingMethod extends AutoCloseable {

    /**
     * The loss of a batch, as a function of what the model in training will say of it. Whatever else the loss needs is brought to the device
     * now, before the device has work to do that it would have to wait for.
     *
     * @return to be used once
     */
    FeatureLoss loss(Batch batch);

    /** Frees what the method holds; most hold nothing. */
    @Override
    default void close() {}
}
