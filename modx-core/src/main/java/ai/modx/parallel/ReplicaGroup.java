package ai.modx.parallel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
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
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * One model on one or more devices, trained as one: every replica encodes its share of a batch, the loss is computed
 * over the features of all (so that negatives span the devices, as in the original), and each replica propagates its
 * part of the loss's gradient back. Then each replica sums the gradients of its {@link ParameterShares share} of the parameters
 * over all, updates that share, and passes it on. The first replica works in the calling thread; the others have threads of
 * their own. A group of one is the normal case, not a special one.
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
    private final ParameterShares parameterShares;
    /** How many replicas, from the first on, have had a part in the gradient since the last update. */
    private int backpropagated;

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
            closeAll(); // a device that has no room leaves nothing behind on those before it
            throw e;
        }
        List<NDArray> parameters = model().parameters();
        parameterShares = ParameterShares.balanced(parameters.stream().map(NDArray::size).toList(), replicas.size(), scaleIndex());
    }

    /** Number of devices, an equal one counted as often as it is named. */
    public int size() {
        return replicas.size();
    }

    /** The first replica's model, whose weights and running statistics count. */
    public ClipModel model() {
        return first().model();
    }

    /** Where the replicas are, in order. */
    public List<Device> devices() {
        return replicas.stream().map(Replica::device).toList();
    }

    /** An optimizer that has not stepped yet; closed before this group. */
    public ShardedAdamW optimizer(AdamW.Settings settings) {
        return new ShardedAdamW(replicas.stream().map(Replica::model).toList(), parameterShares, settings);
    }

    /**
     * Adds the gradients of a batch's loss to those of the parameters.
     *
     * @param weight factor of the loss, 1 / number of micro-batches of the step
     * @return the loss, without that factor
     */
    public BatchLoss.Pending accumulate(Batch batch, double weight, FeatureLoss loss) {
        List<List<Shard>> shares = shares(batch);
        backpropagated = Math.max(backpropagated, shares.size());
        try {
            List<List<Features>> features = threads.each(shares.size(), i -> replicas.get(i).forward(shares.get(i)));
            try (NativeScope scope = NativeScope.withGradients()) {
                return propagate(gather(features), shares, weight, loss);
            }
        } finally {
            release(shares.size());
        }
    }

    /** Zeros for what backpropagation did not reach: in the others than the first replica the scale, in those without a share everything. */
    private void makeMissingGradients() {
        onEach(i -> {
            if (i >= backpropagated) {
                replicas.get(i).model().collectGradients(); // of no copy: zeros
                replicas.get(i).transfers().makeGradients(parameters(i));
            } else if (i > 0) {
                replicas.get(i).transfers().makeGradients(List.of(replicas.get(i).model().logitScale()));
            }
        });
    }

    private BatchLoss.Pending propagate(Features all, List<List<Shard>> shares, double weight, FeatureLoss loss) {
        all.image().setRequiresGradient(true); // leaves of a new graph
        all.text().setRequiresGradient(true);
        BatchLoss computed = loss.of(all, model().logitScale());
        NDArray total = computed.total();
        JniUtils.backward((PtNDArray) total, (PtNDArray) total.getManager().full(new Shape(), (float) weight), false, false);
        List<List<Features>> gradients = split(new Features(all.image().getGradient(), all.text().getGradient()), shares);
        threads.each(shares.size(), i -> {
            replicas.get(i).backward(gradients.get(i));
            return true;
        });
        return computed.pending();
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
     * Lets work be done with the model in evaluation mode on every device at the same time.
     *
     * @param work is given each replica's model, in a thread of its own
     */
    public void evaluateEach(Consumer<ClipModel> work) {
        List<NDArray> statistics = buffers(0);
        onEach(i -> {
            if (i > 0 && !statistics.isEmpty()) {
                replicas.get(i).transfers().copy(buffers(i), statistics);
            }
        });
        onEach(i -> work.accept(replicas.get(i).model()));
    }

    /**
     * Sums the gradients of all replicas.
     *
     * @return their Euclidean norm, all parameters together
     */
    public double reduceGradients() {
        makeMissingGradients();
        List<Double> norms = threads.each(replicas.size(), i -> {
            for (int other = 0; other < replicas.size(); other++) {
                if (other != i) {
                    replicas.get(i).transfers().addGradients(share(i, i), share(i, other));
                }
            }
            return replicas.get(i).transfers().gradientNorm(share(i, i));
        });
        return norms.size() == 1 ? norms.get(0) : Math.sqrt(norms.stream().mapToDouble(norm -> norm * norm).sum());
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
            onEach(i -> replicas.get(i).transfers().scaleGradients(share(i, i), factor));
        }
    }

    /** Moves the weights by the reduced gradients, on every device, and lets go of the gradients. */
    public void update(ShardedAdamW optimizer, double learningRate) {
        onEach(i -> optimizer.step(i, learningRate));
        first().transfers().clamp(model().logitScale(), 0.0, ClipModel.MAX_LOGIT_SCALE);
        onEach(i -> {
            for (int other = 0; other < replicas.size(); other++) {
                if (other != i) {
                    replicas.get(i).transfers().copy(share(other, i), share(other, other));
                }
            }
        });
        onEach(i -> replicas.get(i).model().forgetGradients()); // when none reads another's any more
        backpropagated = 0;
    }

    /** The reduced gradient of a parameter. */
    NDArray gradient(int parameter) {
        return parameters(parameterShares.owner(parameter)).get(parameter).getGradient();
    }

    private void onEach(IntConsumer work) {
        threads.each(replicas.size(), i -> {
            work.accept(i);
            return true;
        });
    }

    private Replica first() {
        return replicas.get(0);
    }

    private List<NDArray> parameters(int replica) {
        return replicas.get(replica).model().parameters();
    }

    /** The parameters that one replica owns, as another one holds them. */
    private List<NDArray> share(int owner, int holder) {
        return parameterShares.of(owner, parameters(holder));
    }

    /** The running statistics of batch normalisation. */
    private List<NDArray> buffers(int replica) {
        return replicas.get(replica).model().buffers();
    }

    /** Takes part in the loss alone, which the first replica's device computes. */
    private int scaleIndex() {
        List<NDArray> parameters = model().parameters();
        return IntStream.range(0, parameters.size()).filter(i -> parameters.get(i) == model().logitScale()).findFirst().orElseThrow();
    }

    /** All chunks' features on the first device, without their graphs. */
    private Features gather(List<List<Features>> shares) {
        List<Features> chunks = shares.stream().flatMap(List::stream).toList();
        return new Features(first().transfers().gather(chunks.stream().map(Features::image).toList()),
                first().transfers().gather(chunks.stream().map(Features::text).toList()));
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
        closeAll();
    }

    private void closeAll() {
        threads.close();
        replicas.forEach(Replica::close);
    }
}
