package ai.modx.parallel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.modx.model.BatchStatistics;
import ai.modx.model.ClipModel;
import ai.modx.model.Computation;
import ai.modx.model.Features;
import ai.modx.model.ModelConfig;
import ai.modx.model.Recorded;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.TorchEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The model on one device and its share of the current batch, chunk by chunk. All methods are called by one thread, which
 * may differ from the one that made the replica.
 */
final class Replica implements AutoCloseable {

    private final NDManager manager;
    private final ClipModel model;
    private final ReplicaTransfers transfers;
    private NativeScope scope;
    private List<Shard> chunks = List.of();
    private Recorded firstImage;
    private Recorded firstText;

    Replica(Device device, ModelConfig config, Computation computation, Map<String, HostTensor> state) {
        manager = TorchEngine.manager(device);
        try {
            model = new ClipModel(manager, config, computation, state, true);
            transfers = new ReplicaTransfers(manager);
        } catch (RuntimeException | Error e) {
            manager.close(); // and whatever found room
            throw e;
        }
    }

    ClipModel model() {
        return model;
    }

    Device device() {
        return manager.getDevice();
    }

    ReplicaTransfers transfers() {
        return transfers;
    }

    /**
     * Computes the features of every chunk of a share. The first chunk's graph is kept until {@link #release}; the others are
     * computed without one, and again by {@link #backward}, so that no more than one is in memory.
     */
    List<Features> forward(List<Shard> share) {
        scope = NativeScope.withGradients();
        chunks = share;
        List<Features> features = new ArrayList<>();
        for (Shard chunk : later()) {
            features.add(withoutGraph(chunk, BatchStatistics.TRAIN_NO_UPDATE));
        }
        Inputs first = inputs(chunks.get(0));
        firstImage = model.recordImage(first.images());
        firstText = model.recordText(first.tokens());
        features.add(0, new Features(firstImage.features(), firstText.features()));
        return features;
    }

    /**
     * Adds the gradient of this share to those of the parameters.
     *
     * @param gradients gradients of the loss with respect to the features of {@link #forward}, on any device
     */
    void backward(List<Features> gradients) {
        firstImage.backward(here(gradients.get(0).image()));
        firstText.backward(here(gradients.get(0).text()));
        model.collectGradients();
        for (int i = 1; i < chunks.size(); i++) {
            try (NativeScope again = NativeScope.withGradients()) {
                Inputs chunk = inputs(chunks.get(i));
                model.recordImage(chunk.images()).backward(here(gradients.get(i).image()));
                model.recordText(chunk.tokens()).backward(here(gradients.get(i).text()));
                model.collectGradients();
            }
        }
    }

    /** An array of any device on this one. */
    private NDArray here(NDArray array) {
        return transfers.gather(List.of(array));
    }

    /** Features of a share in evaluation mode, chunk by chunk, without graph; they live until {@link #release}. */
    List<Features> evaluate(List<Shard> share) {
        scope = NativeScope.withoutGradients();
        return share.stream().map(chunk -> withoutGraph(chunk, BatchStatistics.EVAL)).toList();
    }

    private List<Shard> later() {
        return chunks.subList(1, chunks.size());
    }

    private Features withoutGraph(Shard chunk, BatchStatistics statistics) {
        Features features;
        try (NativeScope passing = NativeScope.withoutGradients()) {
            Inputs inputs = inputs(chunk);
            features = new Features(model.encodeImage(inputs.images(), statistics), model.encodeText(inputs.tokens()));
            NativeScope.keep(features.image());
            NativeScope.keep(features.text());
        }
        return new Features(NativeScope.adopt(features.image()), NativeScope.adopt(features.text()));
    }

    /** Frees what {@link #forward} or {@link #evaluate} kept; harmless when there is nothing. */
    void release() {
        if (scope != null) {
            scope.close();
            scope = null;
            firstImage = null;
            firstText = null;
            chunks = List.of();
        }
    }

    /** What a chunk is computed from, on the device. */
    private record Inputs(NDArray images, NDArray tokens) {}

    /** Both at once, before there is work that copying would wait for. */
    private Inputs inputs(Shard shard) {
        return new Inputs(manager.create(shard.images(), new Shape(shard.size(), shard.side(), shard.side(), 3), DataType.UINT8),
                manager.create(shard.tokens(), new Shape(shard.size(), shard.length())));
    }

    @Override
    public void close() {
        release();
        transfers.close();
        model.close();
        manager.close();
    }
}
