package ai.modx.parallel;

import ai.djl.ndarray.NDArray;
import ai.modx.model.Features;

/** The loss of a whole batch, as a function of its features. */
@FunctionalInterface
public interface FeatureLoss {

    /**
     * Computes the loss; called with gradients on.
     *
     * @param features   of the whole batch, gathered from all replicas, on the first one's device
     * @param logitScale the model's, a scalar that is trained too
     */
    BatchLoss of(Features features, NDArray logitScale);
}
