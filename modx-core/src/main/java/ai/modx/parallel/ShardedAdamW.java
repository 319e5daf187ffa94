package ai.modx.parallel;

import ai.djl.ndarray.NDArray;
import ai.modx.model.ClipModel;
import ai.modx.optim.AdamW;
import java.util.ArrayList;
import java.util.List;

/** AdamW of one model on several devices: each keeps the moments of its share of the parameters, and moves them. */
public final class ShardedAdamW implements AutoCloseable {

    private final AdamW.Settings settings;
    private final ParameterShares shares;
    private final List<ClipModel> models;
    private final List<AdamW> optimizers = new ArrayList<>();

    /** @param models one a device */
    ShardedAdamW(List<ClipModel> models, ParameterShares shares, AdamW.Settings settings) {
        this.settings = settings;
        this.shares = shares;
        this.models = models;
        try {
            for (int i = 0; i < models.size(); i++) {
                List<NDArray> own = shares.of(i, models.get(i).parameters());
                optimizers.add(new AdamW(models.get(i).manager(), own, settings));
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Moves the weights of a replica's share by their gradients. */
    void step(int replica, double learningRate) {
        optimizers.get(replica).step(shares.of(replica, models.get(replica).parameters()), learningRate);
    }

    public AdamW.Settings settings() {
        return settings;
    }

    /** The memory of parameter number {@code index} of the model as it is when its tensors are loaded. */
    public AdamW.Moments moments(int index) {
        int owner = shares.owner(index);
        return optimizers.get(owner).moments(shares.indices().get(owner).indexOf(index));
    }

    /**
     * Goes on from a saved memory.
     *
     * @param saved one entry a parameter of the model, in order
     */
    public void restore(List<AdamW.Moments> saved) {
        for (int i = 0; i < optimizers.size(); i++) {
            optimizers.get(i).restore(shares.indices().get(i).stream().map(saved::get).toList());
        }
    }

    @Override
    public void close() {
        optimizers.forEach(AdamW::close);
    }
}
