package ai.modx.modxtrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.modx.data.Batch;
import ai.modx.loss.CosineSimilarity;
import ai.modx.model.ClipModel;

/** A teacher that encodes every batch anew, as the original's does. */
final class FrozenModel implements Teacher {

    private final ClipModel model;

    /** @param model in evaluation mode, its weights recorded for no gradients; closed with this teacher */
    FrozenModel(ClipModel model) {
        this.model = model;
    }

    @Override
    public NDArray cosines(Batch batch) {
        NDManager manager = model.manager();
        int side = model.config().imageResolution();
        NDArray images = manager.create(batch.images(), new Shape(batch.size(), side, side, 3), DataType.UINT8);
        NDArray tokens = manager.create(batch.tokens(), new Shape(batch.size(), batch.tokens().length / batch.size()));
        return CosineSimilarity.matrix(
                CosineSimilarity.normalize(model.encodeImage(images, false)), CosineSimilarity.normalize(model.encodeText(tokens)));
    }

    @Override
    public void close() {
        model.close();
    }
}
