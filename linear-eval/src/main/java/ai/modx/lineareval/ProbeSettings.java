package ai.modx.lineareval;

import ai.modx.data.BadImagePolicy;
import ai.modx.data.ImageCache;
import java.util.Optional;

/**
 * How the classifier is trained.
 *
 * @param trainsEncoder  {@code --weights finetune}
 * @param epochs         passes over the training data
 * @param batchSize      images of a step, over all devices
 * @param encoderRate    learning rate of the encoder in the first epoch
 * @param classifierRate learning rate of the classifier in the first epoch
 * @param weightDecay    of all that is trained
 * @param printFreq      steps from one line to the next
 * @param workers        loader threads
 * @param cache          where the transformed middles of images are kept
 * @param seed           of the initial weights, the order, crops and flips
 * @param shuffled       a new order each epoch, else that of the folder
 * @param cachesFeatures features of the middle of each image are computed once, in place of random crops
 * @param badImages      what to do about training images that cannot be used
 * @param maxSteps       stop early after so many steps
 * @param tensorBoard    whether the numbers of the log are written for TensorBoard too
 */
record ProbeSettings(
        boolean trainsEncoder, int epochs, int batchSize, double encoderRate, double classifierRate, double weightDecay, int printFreq,
        int workers, ImageCache cache, long seed, boolean shuffled, boolean cachesFeatures, BadImagePolicy badImages, Optional<Long> maxSteps,
        boolean tensorBoard) {

    /** What is trained on, in a word for result lines: numbers of different protocols cannot be compared. */
    String protocol() {
        return cachesFeatures ? "cached_features" : "random_crops";
    }
}
