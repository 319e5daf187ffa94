package ai.modx.train;

import ai.modx.data.BadImagePolicy;
import ai.modx.data.CaptionChoice;
import ai.modx.data.ImageCache;
import java.util.Optional;

/**
 * How to train, whatever the method.
 *
 * @param epochs         passes over the data
 * @param batchPerDevice pairs that each device computes at once
 * @param chunks         such pieces of each device's share of a micro-batch; negatives span them
 * @param accumulation   micro-batches of an optimizer step; negatives stay within a micro-batch
 * @param learningRate   peak learning rate
 * @param weightDecay    of every parameter
 * @param eps            AdamW's
 * @param gradClipNorm   longest gradient, all parameters together; longer ones are shortened
 * @param workers        loader threads; 0: the training thread loads
 * @param cache          where transformed images are kept
 * @param seed           of order, captions and initial weights
 * @param shuffled       a new order each epoch, else the order of the files
 * @param caption        which of an image's captions is taken
 * @param badImages      what to do about images that cannot be used
 * @param saveSteps      save every so many optimizer steps; 0 or less: only at the end
 * @param keepLast       how many checkpoints before the final one to keep; empty: all
 * @param maxSteps       stop early after so many optimizer steps; the schedule stays that of the full run
 * @param tensorBoard    whether the numbers of the logs are written for TensorBoard too
 */
public record TrainingSettings(
        int epochs, int batchPerDevice, int chunks, int accumulation, double learningRate, double weightDecay, double eps,
        Optional<Double> gradClipNorm, int workers, ImageCache cache,
        long seed, boolean shuffled, CaptionChoice caption, BadImagePolicy badImages, long saveSteps, Optional<Integer> keepLast,
        Optional<Long> maxSteps, boolean tensorBoard) {}
