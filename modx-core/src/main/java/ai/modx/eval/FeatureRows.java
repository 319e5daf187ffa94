package ai.modx.eval;

import ai.djl.ndarray.NDArray;
import ai.modx.data.DataException;
import ai.modx.loss.CosineSimilarity;
import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import ai.modx.torch.TensorCopy;
import java.nio.ByteBuffer;

/** A feature matrix in host memory that is filled batch by batch, in any order of rows. */
final class FeatureRows implements FeatureSink {

    private final int width;
    private final ByteBuffer rows;

    /**
     * @param count rows
     * @throws DataException if they take more than one buffer holds
     */
    FeatureRows(int count, int width) {
        long bytes = (long) count * width * Float.BYTES;
        if (bytes > Integer.MAX_VALUE) {
            throw new DataException("The features of " + count + " images or captions take " + bytes + " bytes; at most " + Integer.MAX_VALUE
                    + " are kept at once. Use fewer of them, or, for those of Mod-X's old model, --teacher_features every_step");
        }
        this.width = width;
        this.rows = ByteBuffer.allocate((int) bytes);
    }

    /** Scales features to unit length and stores them. */
    @Override
    public void put(NDArray features, int[] indices) {
        ByteBuffer batch = TensorCopy.toHost(CosineSimilarity.normalize(features)).data();
        int rowBytes = width * Float.BYTES;
        for (int i = 0; i < indices.length; i++) {
            rows.put(indices[i] * rowBytes, batch, i * rowBytes, rowBytes);
        }
    }

    /** float32 (count, E). */
    HostTensor matrix() {
        return new HostTensor(ElementType.FLOAT32, new long[] {rows.capacity() / Float.BYTES / width, width}, rows);
    }
}
