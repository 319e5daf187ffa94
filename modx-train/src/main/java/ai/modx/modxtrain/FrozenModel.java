package ai.modx.modxtrain;

import ai.djl.ndarray.NDArray;
import ai.modx.data.Batch;
import ai.modx.loss.CosineSimilarity;
import ai.modx.model.Features;
import ai.modx.parallel.ReplicaGroup;

/** A teacher that encodes every batch anew, as the original's does: on the student's devices, in chunks as small as its. */
final class FrozenModel implements Teacher {

    private final ReplicaGroup replicas;

    /** @param replicas of the old model; closed with this teacher */
    FrozenModel(ReplicaGroup replicas) {
        this.replicas = replicas;
    }

    @Override
    public NDArray cosines(Batch batch) {
        Features features = replicas.evaluate(batch);
        return CosineSimilarity.matrix(CosineSimilarity.normalize(features.image()), CosineSimilarity.normalize(features.text()));
    }

    @Override
    public void close() {
        replicas.close();
    }
}
