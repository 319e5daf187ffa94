package ai.modx.train;

import ai.modx.config.ConfigException;
import ai.modx.data.BatchRequest;
import ai.modx.data.EpochOrder;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Which samples go into which optimizer step: arithmetic on four numbers and an order, so that a run can be continued from
 * any step.
 *
 * <p>As in the original, the samples that do not fill a batch at the end of an epoch are left out. Micro-batches that do
 * not fill a step are stepped on their own, where the original lets their gradients leak into the next epoch.
 *
 * @param samples      size of the data set
 * @param batchSize    pairs of a micro-batch over all devices: the number of contrastive negatives
 * @param accumulation micro-batches of an optimizer step
 * @param epochs       passes over the data
 */
public record TrainingPlan(int samples, int batchSize, int accumulation, int epochs) {

    /** A contrastive loss needs another pair to compare with. */
    private static final int SMALLEST_BATCH = 2;

    public TrainingPlan {
        if (samples < SMALLEST_BATCH || batchSize < SMALLEST_BATCH) {
            throw new ConfigException("Contrastive training needs at least 2 pairs in a batch, but the data set has " + samples
                    + " and the global batch is " + batchSize + " (--per_gpu_train_batch_size times devices times --accum_freq)");
        }
        batchSize = Math.min(batchSize, samples);
        if (accumulation > samples / batchSize) {
            throw new ConfigException("--gradient_accumulation_steps " + accumulation + " exceeds the " + samples / batchSize
                    + " batches of an epoch (" + samples + " images, global batch " + batchSize + "); use at most that many");
        }
    }

    /** Micro-batches of an epoch. */
    public int batchesPerEpoch() {
        return samples / batchSize;
    }

    /** Samples that an epoch leaves out, since they fill no batch: the last ones of its order, as in the original. */
    public int leftOut() {
        return samples % batchSize;
    }

    /** Optimizer steps of an epoch. */
    public int stepsPerEpoch() {
        return (batchesPerEpoch() + accumulation - 1) / accumulation;
    }

    /** Optimizer steps of the whole run. */
    public long totalSteps() {
        return (long) stepsPerEpoch() * epochs;
    }

    /** The epoch, counted from 0, that optimizer step {@code step}, counted from 0, belongs to. */
    public int epochOf(long step) {
        return Math.toIntExact(step / stepsPerEpoch());
    }

    /** Micro-batches of optimizer step {@code step}: the last one of an epoch may have fewer. */
    public int microBatches(long step) {
        int first = Math.toIntExact(step % stepsPerEpoch()) * accumulation;
        return Math.min(accumulation, batchesPerEpoch() - first);
    }

    /** The micro-batches of steps {@code fromStep} to {@code toStep - 1}, in order. */
    public Iterator<BatchRequest> requests(EpochOrder order, long fromStep, long toStep) {
        return new Requests(order, fromStep, toStep);
    }

    private final class Requests implements Iterator<BatchRequest> {

        private final EpochOrder order;
        private final long toStep;
        private long step;
        private int micro;
        private int[] permutation;

        Requests(EpochOrder order, long fromStep, long toStep) {
            this.order = order;
            this.step = fromStep;
            this.toStep = toStep;
        }

        @Override
        public boolean hasNext() {
            return step < toStep;
        }

        @Override
        public BatchRequest next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            int epoch = epochOf(step);
            int batch = Math.toIntExact(step % stepsPerEpoch()) * accumulation + micro;
            if (permutation == null || batch == 0) {
                permutation = order.epoch(epoch);
            }
            int[] indices = Arrays.copyOfRange(permutation, batch * batchSize, (batch + 1) * batchSize);
            if (++micro == microBatches(step)) {
                micro = 0;
                step++;
            }
            return new BatchRequest(epoch, indices);
        }
    }
}
