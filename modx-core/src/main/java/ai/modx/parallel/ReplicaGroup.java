package ai.modx.parallel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.modx.data.Batch;
import ai.modx.model.ClipModel;
import ai.modx.model.Computation;
import ai.modx.model.Features;
import ai.modx.model.ModelConfig;
import ai.modx.optim.AdamW;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One model on one or more devices, trained as one: every replica encodes its share of a batch, the loss is computed
 * over the features of all (so that negatives span the devices, as in the original), and each replica propagates its
 * part of the loss's gradient back. The first replica works in the calling thread and holds the weights that count;
 * the others have threads of their own. A group of one is the normal case, not a special one.
 *
 * <p>Batch normalisation uses the statistics of each replica's share, and the running statistics of the first replica
 * are the model's: what torch's DataParallel does.
 *
 * <p>All methods are called from one thread.
 */
public final class ReplicaGroup implements AutoCloseable {

    private final Computation computation;
    private final List<Replica> replicas = new ArrayList<>();
    private final ReplicaThreads threads;
    /** How many replicas have ever had a share of a batch, and so have gradients. */
    private int used;

    /**
     * Puts the model on every device.
     *
     * @param devices one or more; the same device may occur more than once
     * @param state   a tensor for every name of the model's {@link ai.modx.model.ClipParameters}
     */
    public ReplicaGroup(ModelConfig config, Computation computation, List<Device> devices, Map<String, HostTensor> state) {
        this.computation = computation;
        threads = new ReplicaThreads(devices.size() - 1);
        for (Device device : devices) {
            replicas.add(new Replica(device, config, computation, state));
        }
    }

    /** The replica whose weights count. */
    public ClipModel model() {
        return replicas.get(0).model();
    }

    /**
     * Adds the gradients of a batch's loss to those of {@link #model()}'s parameters.
     *
     * @param weight factor of the loss, 1 / number of micro-batches of the step
     */
    public void accumulate(Batch batch, double weight, FeatureLoss loss) {
        List<Shard> shards = Shard.split(batch, replicas.size(), computation.shortTexts());
        try {
            List<Features> shares = threads.each(shards.size(), i -> replicas.get(i).forward(shards.get(i)));
            try (NativeScope scope = NativeScope.withGradients()) {
                propagate(shares, shards, weight, loss);
            }
        } finally {
            release(shards.size());
        }
        used = Math.max(used, shards.size());
    }

    private void propagate(List<Features> shares, List<Shard> shards, double weight, FeatureLoss loss) {
        Features all = new Features(gather(shares.stream().map(Features::image).toList()), gather(shares.stream().map(Features::text).toList()));
        NDArray total = loss.of(all, model().logitScale());
        JniUtils.backward((PtNDArray) total, (PtNDArray) total.onesLike().mul(weight), false, false);
        List<Features> gradients = split(new Features(all.image().getGradient(), all.text().getGradient()), shards);
        threads.each(shards.size(), i -> {
            replicas.get(i).backward(gradients.get(i));
            return true;
        });
    }

    /**
     * Sums the gradients of all replicas into the first one's.
     *
     * @return their Euclidean norm, all parameters together
     */
    public double reduceGradients() {
        for (Replica other : replicas.subList(1, Math.max(1, used))) {
            first().transfers().update("add_gradients", towers(first()), towers(other));
        }
        return first().transfers().update("gradient_norm", model().parameters());
    }

    /**
     * Shortens the reduced gradients to a length, as torch's {@code clip_grad_norm_} does; shorter ones stay.
     *
     * @param norm    what {@link #reduceGradients} returned
     * @param maxNorm the length allowed
     */
    public void clipGradients(double norm, double maxNorm) {
        double factor = maxNorm / (norm + 1e-6);
        if (factor < 1) {
            first().transfers().update("scale_gradients", model().parameters(), factor);
        }
    }

    /** Moves the weights by the reduced gradients, on every device, and clears the gradients. */
    public void update(AdamW optimizer, double learningRate) {
        optimizer.step(learningRate);
        first().transfers().update("clamp", model().logitScale(), 0.0, ClipModel.MAX_LOGIT_SCALE);
        first().transfers().update("zero_gradients", model().parameters());
        threads.each(replicas.size(), i -> i == 0 ? 0 : receiveWeights(i));
    }

    private double receiveWeights(int i) {
        Replica other = replicas.get(i);
        if (i < used) {
            other.transfers().update("zero_gradients", towers(other));
        }
        return other.transfers().update("copy", other.model().parameters(), model().parameters());
    }

    private Replica first() {
        return replicas.get(0);
    }

    /** All parameters but logit_scale, which takes part in the loss alone and so has a gradient on the first replica only. */
    private static List<NDArray> towers(Replica replica) {
        NDArray logitScale = replica.model().logitScale();
        return replica.model().parameters().stream().filter(parameter -> parameter != logitScale).toList();
    }

    /** One array of all shares' rows on the first device, a leaf of a new graph. */
    private NDArray gather(List<NDArray> shares) {
        NDArray rows = first().gather(shares);
        rows.setRequiresGradient(true);
        return rows;
    }

    private static List<Features> split(Features gradient, List<Shard> shards) {
        List<Features> parts = new ArrayList<>();
        long begin = 0;
        for (Shard shard : shards) {
            NDIndex rows = new NDIndex("{}:{}", begin, begin + shard.size());
            parts.add(new Features(gradient.image().get(rows), gradient.text().get(rows)));
            begin += shard.size();
        }
        return parts;
    }

    private void release(int count) {
        threads.each(count, i -> {
            replicas.get(i).release();
            return true;
        });
    }

    @Override
    public void close() {
        release(replicas.size());
        threads.close();
        replicas.forEach(Replica::close);
    }
}
