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
 * <p>A replica may work through its share in chunks, so that no more than one chunk's activations are in memory: all but the
 * first are encoded twice, once for their features and, when the loss's gradient is known, once for their graph. Loss and
 * gradient are the same (Gao et al. 2021, <i>Scaling Deep Contrastive Learning Batch Size under Memory Limited Setup</i>).
 *
 * <p>Batch normalisation uses the statistics of each chunk, and the running statistics of the first replica are the model's:
 * what torch's DataParallel does.
 *
 * <p>All methods are called from one thread.
 */
public final class ReplicaGroup implements AutoCloseable {

    private final Computation computation;
    private final int chunks;
    private final List<Replica> replicas = new ArrayList<>();
    private final ReplicaThreads threads;
    /** How many replicas have ever had a share of a batch, and so have gradients. */
    private int used;

    /**
     * Puts the model on every device.
     *
     * @param devices one or more; the same device may occur more than once
     * @param chunks  in how many pieces each replica works through its share of a batch
     * @param state   a tensor for every name of the model's {@link ai.modx.model.ClipParameters}
     */
    public ReplicaGroup(ModelConfig config, Computation computation, List<Device> devices, int chunks, Map<String, HostTensor> state) {
        this.computation = computation;
        this.chunks = chunks;
        threads = new ReplicaThreads(devices.size() - 1);
        try {
            for (Device device : devices) {
                replicas.add(new Replica(device, config, computation, state));
            }
        } catch (RuntimeException | Error e) {
            close(); // a device that has no room leaves nothing behind on those before it
            throw e;
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
        List<List<Shard>> shares = shares(batch);
        try {
            List<List<Features>> features = threads.each(shares.size(), i -> replicas.get(i).forward(shares.get(i)));
            try (NativeScope scope = NativeScope.withGradients()) {
                propagate(gather(features), shares, weight, loss);
            }
        } finally {
            release(shares.size());
        }
        used = Math.max(used, shares.size());
    }

    private void propagate(Features all, List<List<Shard>> shares, double weight, FeatureLoss loss) {
        all.image().setRequiresGradient(true); // leaves of a new graph
        all.text().setRequiresGradient(true);
        NDArray total = loss.of(all, model().logitScale());
        JniUtils.backward((PtNDArray) total, (PtNDArray) total.onesLike().mul(weight), false, false);
        List<List<Features>> gradients = split(new Features(all.image().getGradient(), all.text().getGradient()), shares);
        threads.each(shares.size(), i -> {
            replicas.get(i).backward(gradients.get(i));
            return true;
        });
    }

    /**
     * Features of a batch in evaluation mode, without gradients.
     *
     * @return of the whole batch, on the first device; they die with the calling thread's scope
     */
    public Features evaluate(Batch batch) {
        List<List<Shard>> shares = shares(batch);
        Features all;
        try {
            all = gather(threads.each(shares.size(), i -> replicas.get(i).evaluate(shares.get(i))));
            NativeScope.keep(all.image());
            NativeScope.keep(all.text());
        } finally {
            release(shares.size());
        }
        return new Features(NativeScope.adopt(all.image()), NativeScope.adopt(all.text()));
    }

    /** The chunks of every replica that gets any. */
    private List<List<Shard>> shares(Batch batch) {
        return Shard.of(batch, computation.shortTexts()).split(replicas.size()).stream().map(share -> share.split(chunks)).toList();
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

    /** All chunks' features on the first device, without their graphs. */
    private Features gather(List<List<Features>> shares) {
        List<Features> chunks = shares.stream().flatMap(List::stream).toList();
        return new Features(first().gather(chunks.stream().map(Features::image).toList()), first().gather(chunks.stream().map(Features::text).toList()));
    }

    private static List<List<Features>> split(Features gradient, List<List<Shard>> shares) {
        List<List<Features>> parts = new ArrayList<>();
        long begin = 0;
        for (List<Shard> share : shares) {
            List<Features> own = new ArrayList<>();
            for (Shard chunk : share) {
                NDIndex rows = new NDIndex("{}:{}", begin, begin + chunk.size());
                own.add(new Features(gradient.image().get(rows), gradient.text().get(rows)));
                begin += chunk.size();
            }
            parts.add(own);
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
