package ai.modx.parallel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.modx.Golden;
import ai.modx.data.Batch;
import ai.modx.data.BatchRequest;
import ai.modx.loss.ContrastiveLoss;
import ai.modx.model.ClipModel;
import ai.modx.model.ClipParameters;
import ai.modx.model.Computation;
import ai.modx.model.Features;
import ai.modx.model.GoldenModel;
import ai.modx.model.ParameterSpec;
import ai.modx.model.TensorAssert;
import ai.modx.optim.AdamW;
import ai.modx.torch.HostTensor;
import ai.modx.torch.TensorCopy;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Single steps of small golden models, for tests of what must not change them. */
final class SmallSteps {

    static final Map<String, HostTensor> DATA = Golden.tensors("trace_batches_64px.safetensors");
    static final GoldenModel VIT = GoldenModel.load("tiny_vit");
    static final double LEARNING_RATE = 5e-4;

    private SmallSteps() {}

    static BatchLoss contrastive(Features features, NDArray logitScale) {
        try (ContrastiveLoss loss = new ContrastiveLoss(features.image().getManager())) {
            return BatchLoss.of(loss.of(features.image(), features.text(), logitScale));
        }
    }

    record Gradients(double loss, double norm, Map<String, HostTensor> byName) {}

    static Gradients gradients(Computation computation, int replicas, Batch batch) {
        return gradients(computation, replicas, 1, batch);
    }

    static Gradients gradients(Computation computation, int replicas, int chunks, Batch batch) {
        try (ReplicaGroup group = new ReplicaGroup(VIT.config(), computation, cpus(replicas), chunks, VIT.state())) {
            double loss = group.accumulate(batch, 1, SmallSteps::contrastive).read().total();
            double norm = group.reduceGradients();
            Map<String, HostTensor> byName = new LinkedHashMap<>();
            for (ParameterSpec spec : ClipParameters.of(VIT.config())) {
                byName.put(spec.name(), TensorCopy.toHost(group.gradient(byName.size())));
            }
            return new Gradients(loss, norm, byName);
        }
    }

    static ShardedAdamW optimizer(ReplicaGroup group) {
        return group.optimizer(AdamW.Settings.of(1e-8, 0.1));
    }

    static List<Device> cpus(int count) {
        return Collections.nCopies(count, Device.cpu());
    }

    static void assertSame(Gradients actual, Gradients expected) {
        actual.byName.forEach((name, tensor) ->
                TensorAssert.assertClose(name, tensor.toFloatArray(), expected.byName.get(name).toFloatArray(), 1e-5));
    }

    /** The first pairs of a golden batch. */
    static Batch batch(int index, int pairs) {
        Batch whole = GoldenModel.batch(DATA.get("images_u8"), DATA.get("tokens"), index);
        int imageBytes = whole.images().remaining() / whole.size();
        int[] tokens = Arrays.copyOf(whole.tokens(), whole.tokens().length / whole.size() * pairs);
        return new Batch(new BatchRequest(0, Arrays.copyOf(whole.indices(), pairs)), whole.images().slice(0, pairs * imageBytes), tokens);
    }

    /** The gradients of a model, and its running statistics. */
    static void read(ClipModel model, Map<String, HostTensor> gradients, Map<String, HostTensor> buffers) {
        for (ParameterSpec spec : ClipParameters.of(model.config())) {
            NDArray array = model.state().get(spec.name());
            (spec.isTrainable() ? gradients : buffers).put(spec.name(), TensorCopy.toHost(spec.isTrainable() ? array.getGradient() : array));
        }
    }
}
