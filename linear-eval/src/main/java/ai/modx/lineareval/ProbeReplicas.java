package ai.modx.lineareval;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.modx.data.Batch;
import ai.modx.data.LongPass;
import ai.modx.data.StopRequest;
import ai.modx.parallel.ReplicaThreads;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.TensorCopy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Encoder and classifier on one or more devices, trained as one: every replica takes a share of each batch, and the gradient is
 * that of the mean over the whole batch, as torch's DistributedDataParallel averages it. The first replica's weights count.
 *
 * <p>All methods are called from one thread.
 */
final class ProbeReplicas implements AutoCloseable {

    private final List<ProbeReplica> replicas = new ArrayList<>();
    private final ReplicaThreads threads;

    /**
     * Puts encoder and classifier on every device.
     *
     * @param devices one or more; the same device may occur more than once
     */
    ProbeReplicas(List<Device> devices, Backbone backbone, boolean trainsEncoder, Map<String, HostTensor> classifier) {
        threads = new ReplicaThreads(devices.size() - 1);
        try {
            for (Device device : devices) {
                replicas.add(new ProbeReplica(device, backbone, trainsEncoder, classifier));
            }
        } catch (RuntimeException | Error e) {
            close(); // a device that has no room leaves nothing behind on those before it
            throw e;
        }
    }

    /** The replica whose weights count. */
    ProbeReplica first() {
        return replicas.get(0);
    }

    /**
     * Adds the gradient of a batch's mean cross entropy.
     *
     * @return the cross entropy
     */
    double accumulate(ProbeInput input, Batch batch) {
        List<Share> shares = Share.split(batch, input.labels(), input.replicas(replicas.size()));
        List<Double> losses = threads.each(shares.size(), i -> replicas.get(i).accumulate(input, shares.get(i), batch.size()));
        for (ProbeReplica other : replicas.subList(1, shares.size())) {
            first().transfers().addGradients(first().parameters(), other.parameters());
            other.transfers().zeroGradients(other.parameters());
        }
        return losses.stream().mapToDouble(Double::doubleValue).sum();
    }

    /**
     * Moves the weights on every device and clears the gradients.
     *
     * @param step moves the first replica's weights
     */
    void update(Runnable step) {
        step.run();
        first().transfers().zeroGradients(first().parameters());
        threads.each(replicas.size(), i -> {
            if (i > 0) {
                ProbeReplica other = replicas.get(i);
                other.transfers().copy(other.weights(), first().weights());
            }
            replicas.get(i).weightsChanged();
            return i;
        });
    }

    /**
     * Classifies all images.
     *
     * @throws StopRequest.StoppedException if asked to stop before the end
     */
    Accuracy evaluate(ProbeInput input, int batchSize, int epoch, StopRequest stop) {
        int classes = first().classifier().classes();
        List<HitCounts> hits = replicas.stream().map(replica -> HitCounts.on(replica.manager(), classes)).toList();
        long[] top1 = new long[classes];
        long[] top5 = new long[classes];
        try {
            each("Validating images", input, batchSize, stop, batch -> { }, (i, share) -> replicas.get(i).count(input, share, hits.get(i)));
            for (HitCounts counted : hits) {
                add(counted.top1(), top1);
                add(counted.topK(), top5);
            }
        } finally {
            hits.forEach(HitCounts::close);
        }
        long[] images = new long[classes];
        Arrays.stream(input.labels()).forEach(label -> images[label]++);
        return Accuracy.of(epoch, images, top1, top5);
    }

    /**
     * Computes the features of all images once, for use by the first device.
     *
     * @throws StopRequest.StoppedException if asked to stop before the end
     */
    RememberedFeatures remember(ProbeInput input, int batchSize, StopRequest stop) {
        Shape shape = new Shape(input.labels().length, first().encoder().config().embedDim());
        NDArray matrix = NativeScope.keep(first().manager().zeros(shape));
        IntStream.Builder rows = IntStream.builder();
        each("Encoding images", input, batchSize, stop, batch -> Arrays.stream(batch.indices()).forEach(rows), (i, share) -> replicas.get(i).remember(input, share, matrix));
        return new RememberedFeatures(matrix, input.labels(), rows.build().toArray());
    }

    /** Work of replica i. */
    private interface Work {
        void on(int replica, Share share);
    }

    private void each(String what, ProbeInput input, int batchSize, StopRequest stop, Consumer<Batch> seen, Work work) {
        try (ProbeInput.Batches batches = input.inOrder(batchSize); LongPass pass = new LongPass(what, input.labels().length)) {
            while (batches.hasNext()) {
                stop.throwIfAsked();
                try (Batch batch = batches.next()) {
                    seen.accept(batch);
                    List<Share> shares = Share.split(batch, input.labels(), input.replicas(replicas.size()));
                    threads.each(shares.size(), i -> {
                        work.on(i, shares.get(i));
                        return i;
                    });
                    pass.advance(batch.size());
                }
            }
        }
    }

    private static void add(NDArray counts, long[] sums) {
        long[] values = new long[sums.length];
        TensorCopy.toHost(counts).data().asLongBuffer().get(values);
        Arrays.setAll(sums, i -> sums[i] + values[i]);
    }

    @Override
    public void close() {
        threads.close();
        replicas.forEach(ProbeReplica::close);
    }
}
