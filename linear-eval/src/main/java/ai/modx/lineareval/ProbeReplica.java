package ai.modx.lineareval;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.modx.model.BatchStatistics;
import ai.modx.model.ClipModel;
import ai.modx.model.ClipParameters;
import ai.modx.parallel.ReplicaTransfers;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.TensorCopy;
import ai.modx.torch.TorchEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The encoder and the classifier on one device. All methods are called by one thread, which may differ from the one that made it. */
final class ProbeReplica implements AutoCloseable {

    /** What the image tower's names begin with. */
    static final String IMAGE_TOWER = "visual.";

    private final NDManager manager;
    private final boolean trainsEncoder;
    private final ClipModel encoder;
    private final LinearClassifier classifier;
    private final ReplicaTransfers transfers;

    ProbeReplica(Device device, Backbone backbone, boolean trainsEncoder, Map<String, HostTensor> classifierState) {
        this.trainsEncoder = trainsEncoder;
        manager = TorchEngine.manager(device);
        try {
            encoder = new ClipModel(manager, backbone.config(), backbone.computation(), backbone.state(), trainsEncoder);
            classifier = new LinearClassifier(manager, classifierState);
            transfers = new ReplicaTransfers(manager);
        } catch (RuntimeException | Error e) {
            manager.close(); // and whatever found room
            throw e;
        }
    }

    NDManager manager() {
        return manager;
    }

    ClipModel encoder() {
        return encoder;
    }

    LinearClassifier classifier() {
        return classifier;
    }

    ReplicaTransfers transfers() {
        return transfers;
    }

    /** The image tower's parameters in the order of the state dict, if they are trained. */
    List<NDArray> encoderParameters() {
        return !trainsEncoder ? List.of() : ClipParameters.of(encoder.config()).stream()
                .filter(spec -> spec.isTrainable() && spec.name().startsWith(IMAGE_TOWER)).map(spec -> encoder.state().get(spec.name())).toList();
    }

    /** All that is trained. */
    List<NDArray> parameters() {
        List<NDArray> all = new ArrayList<>(classifier.parameters());
        all.addAll(encoderParameters());
        return all;
    }

    /** What is equal on all devices: what is trained, and the running statistics of batch normalisation where training moves them. */
    List<NDArray> weights() {
        List<NDArray> all = parameters();
        if (trainsEncoder) {
            ClipParameters.of(encoder.config()).stream().filter(spec -> !spec.isTrainable()).forEach(spec -> all.add(encoder.state().get(spec.name())));
        }
        return all;
    }

    /** Features of images, not normalised: the original's. */
    NDArray encode(Share share, int side, boolean training) {
        NDArray images = manager.create(share.images(), new Shape(share.size(), side, side, 3), DataType.UINT8);
        return encoder.encodeImage(images, training && trainsEncoder ? BatchStatistics.TRAIN : BatchStatistics.EVAL);
    }

    NDArray recall(NDArray matrix, Share share) {
        return classifier.recall(matrix, manager.create(share.indices()));
    }

    /**
     * Adds the gradient of this share's part of the batch's mean cross entropy.
     *
     * @param batchSize rows of the whole batch
     * @return this share's part of the mean
     */
    double accumulate(ProbeInput input, Share share, int batchSize) {
        try (NativeScope scope = NativeScope.withGradients()) {
            NDArray loss = classifier.loss(input.features(this, share, true), manager.create(share.labels()));
            JniUtils.backward((PtNDArray) loss, (PtNDArray) manager.full(new Shape(), 1f / batchSize), false, false);
            if (trainsEncoder) {
                encoder.collectGradients();
            }
            return TensorCopy.toFloat(loss) / batchSize;
        }
    }

    /** To be called after an update. */
    void weightsChanged() {
        if (trainsEncoder) {
            encoder.weightsChanged();
        }
    }

    void count(ProbeInput input, Share share, HitCounts hits) {
        try (NativeScope scope = NativeScope.withoutGradients()) {
            classifier.count(input.features(this, share, false), manager.create(share.labels()), hits);
        }
    }

    void remember(ProbeInput input, Share share, NDArray matrix) {
        try (NativeScope scope = NativeScope.withoutGradients()) {
            classifier.remember(input.features(this, share, false), manager.create(share.indices()), matrix);
        }
    }

    @Override
    public void close() {
        transfers.close();
        classifier.close();
        encoder.close();
        manager.close();
    }
}
