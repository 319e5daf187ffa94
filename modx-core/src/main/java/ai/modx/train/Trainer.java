package ai.modx.train;

import ai.modx.data.Batch;
import ai.modx.data.BatchLoader;
import ai.modx.data.EpochOrder;
import ai.modx.data.Samples;
import ai.modx.optim.CosineWarmup;
import ai.modx.parallel.BatchLoss;
import ai.modx.parallel.ReplicaGroup;
import ai.modx.parallel.ShardedAdamW;
import ai.modx.torch.HostMemory;
import ai.modx.torch.TensorCopy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The training loop. It knows neither where the data come from nor where results go, only the order of things: load,
 * encode, loss, backward, reduce, update, tell.
 */
public final class Trainer {

    /** What else happens between steps. */
    public interface Listener {

        /**
         * After every optimizer step.
         *
         * @return whether to go on
         */
        boolean stepped(StepRecord step);
    }

    private static final int REMEMBERED_LOSSES = 3;

    private static final int NAMED_IMAGES = 4;

    private final List<Double> lastLosses = new ArrayList<>();
    private final TrainingPlan plan;
    private final CosineWarmup schedule;
    private final ReplicaGroup replicas;
    private final ShardedAdamW optimizer;
    private final TrainingMethod method;
    private final Optional<Double> gradClipNorm;
    private final PeakMemory peakMemory;

    /** @param gradClipNorm longest gradient, all parameters together */
    public Trainer(TrainingPlan plan, CosineWarmup schedule, ReplicaGroup replicas, ShardedAdamW optimizer, TrainingMethod method,
            Optional<Double> gradClipNorm) {
        this.plan = plan;
        this.schedule = schedule;
        this.replicas = replicas;
        this.optimizer = optimizer;
        this.method = method;
        this.gradClipNorm = gradClipNorm;
        peakMemory = PeakMemory.of(replicas.devices());
    }

    /**
     * Trains from one step to another, or until the listener has enough.
     *
     * @param order    of the samples
     * @param workers  loader threads
     * @param fromStep steps already taken
     * @param toStep   steps taken afterwards
     * @throws DivergedException if a loss or gradient is not finite; the weights are then those of the step before
     */
    public void run(Samples samples, EpochOrder order, int workers, long fromStep, long toStep, Listener listener) {
        try (HostMemory memory = HostMemory.forDevices(replicas.devices());
                BatchLoader batches = new BatchLoader(samples, plan.requests(order, fromStep, toStep), workers, BatchLoader.DEFAULT_PREFETCH, memory)) {
            for (long step = fromStep; step < toStep; step++) {
                if (!listener.stepped(step(batches, samples, step))) {
                    return;
                }
            }
        }
    }

    /** One optimizer step. */
    private StepRecord step(BatchLoader batches, Samples samples, long step) {
        long start = System.nanoTime();
        double lr = schedule.rate(step);
        int microBatches = plan.microBatches(step);
        Means means = new Means(1.0 / microBatches);
        double dataSeconds = 0;
        List<Runnable> readings = new ArrayList<>();
        for (int i = 0; i < microBatches; i++) {
            try (Batch batch = batches.next()) {
                dataSeconds += batch.secondsWaited();
                BatchLoss.Pending pending = replicas.accumulate(batch, means.weight, method.loss(batch));
                readings.add(() -> {
                    BatchLoss.Values loss = pending.read();
                    means.add("loss", requireFinite("loss", loss.total(), step, () -> images(samples, batch)));
                    loss.parts().forEach(means::add);
                });
            }
        }
        double norm = replicas.reduceGradients();
        readings.forEach(Runnable::run); // not before: reading waits for the device, which would then wait for work
        double gradNorm = requireFinite("gradient norm", norm, step, () -> "");
        gradClipNorm.ifPresent(longest -> replicas.clipGradients(gradNorm, longest));
        replicas.update(optimizer, lr);
        double loss = means.values.remove("loss");
        lastLosses.add(loss);
        if (lastLosses.size() > REMEMBERED_LOSSES) {
            lastLosses.remove(0);
        }
        OptionalLong peak = peakMemory.bytes(); // while the device updates, for which the scale waits
        return new StepRecord(plan.epochOf(step), step + 1, lr, loss, means.values, TensorCopy.toFloat(replicas.model().logitScale()), gradNorm,
                microBatches * plan.batchSize(), dataSeconds, (System.nanoTime() - start) * 1e-9, peak);
    }

    private double requireFinite(String what, double value, long step, Supplier<String> images) {
        if (!Double.isFinite(value)) {
            throw new DivergedException("The " + what + " became " + value + " in epoch " + (plan.epochOf(step) + 1) + ", at step " + (step + 1)
                    + " (lr " + schedule.rate(step) + (lastLosses.isEmpty() ? "" : "; losses before: " + lastLosses) + ")" + images.get()
                    + ". Nothing is saved any more; lower --params_lr, set --grad_clip_norm, or look at the data");
        }
        return value;
    }

    /** The first images of a batch, for the person who has to find the bad one. */
    private static String images(Samples samples, Batch batch) {
        String names = Arrays.stream(batch.indices()).limit(NAMED_IMAGES).mapToObj(samples::name).collect(Collectors.joining(", "));
        int more = batch.size() - NAMED_IMAGES;
        return ", in a batch of " + names + (more > 0 ? " and " + more + " more" : "");
    }

    /** Means over the micro-batches of a step. */
    private static final class Means {

        private final double weight;
        private final Map<String, Double> values = new LinkedHashMap<>();

        Means(double weight) {
            this.weight = weight;
        }

        void add(String name, double value) {
            values.merge(name, value * weight, Double::sum);
        }
    }
}
