package ai.modx.parallel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.modx.model.ClipModel;
import ai.modx.model.Computation;
import ai.modx.model.Features;
import ai.modx.model.ModelConfig;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.TorchProgram;
import java.util.List;
import java.util.Map;

/**
 * The model on one device and its share of the current batch. All methods are called by one thread, which may differ
 * from the one that made the replica.
 */
final class Replica implements AutoCloseable {

    private final NDManager manager;
    private final ClipModel model;
    private final TorchProgram transfers;
    /** A scalar that tells the transfer program which device is meant. */
    private final NDArray place;
    private NativeScope scope;
    private Features features;

    Replica(Device device, ModelConfig config, Computation computation, Map<String, HostTensor> state) {
        manager = NDManager.newBaseManager(device);
        model = new ClipModel(manager, config, computation, state, true);
        transfers = TorchProgram.load(manager, Replica.class, "replicas.torchscript.py", "Replicas", Map.of());
        place = manager.create(0f);
    }

    ClipModel model() {
        return model;
    }

    TorchProgram transfers() {
        return transfers;
    }

    /** Computes the features of a shard and keeps their graph until {@link #release}. */
    Features forward(Shard shard) {
        scope = NativeScope.withGradients();
        features = new Features(model.encodeImage(images(shard), true), model.encodeText(tokens(shard)));
        return features;
    }

    /**
     * Adds the gradient of this share to those of the parameters.
     *
     * @param gradient gradients of the loss with respect to the features of {@link #forward}, on any device
     */
    void backward(Features gradient) {
        backward(features.image(), gradient.image());
        backward(features.text(), gradient.text());
    }

    private void backward(NDArray feature, NDArray gradient) {
        JniUtils.backward((PtNDArray) feature, (PtNDArray) gather(List.of(gradient)), false, false);
    }

    /** The rows of all parts under one another on this replica's device, without their graphs: (B_i, E) each to (B, E). */
    NDArray gather(List<NDArray> parts) {
        for (int i = 0; i < parts.size(); i++) {
            TorchProgram.nameAsParameter(parts.get(i), Integer.toString(i));
        }
        return transfers.call("gather", place, parts);
    }

    /** Frees what {@link #forward} kept; harmless when there is nothing. */
    void release() {
        if (scope != null) {
            scope.close();
            scope = null;
            features = null;
        }
    }

    private NDArray images(Shard shard) {
        return manager.create(shard.images(), new Shape(shard.size(), shard.side(), shard.side(), 3), DataType.UINT8);
    }

    private NDArray tokens(Shard shard) {
        return manager.create(shard.tokens(), new Shape(shard.size(), shard.length()));
    }

    @Override
    public void close() {
        release();
        transfers.close();
        model.close();
        manager.close();
    }
}
