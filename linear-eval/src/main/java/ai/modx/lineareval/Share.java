package ai.modx.lineareval;

import ai.modx.data.Batch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of a batch that one replica works on.
 *
 * @param indices numbers of the images in their data set
 * @param labels  their classes
 * @param images  uint8 (B, S, S, 3), direct; empty where features are remembered
 */
record Share(long[] indices, long[] labels, ByteBuffer images) {

    int size() {
        return indices.length;
    }

    /**
     * Splits a batch into at most {@code parts} shares, whose sizes differ by at most one.
     *
     * @param labels of the whole data set
     */
    static List<Share> split(Batch batch, int[] labels, int parts) {
        int[] indices = batch.indices();
        int imageBytes = batch.images().remaining() / indices.length;
        int count = Math.min(parts, indices.length);
        List<Share> shares = new ArrayList<>();
        for (int part = 0, begin = 0; part < count; part++) {
            int end = begin + indices.length / count + (part < indices.length % count ? 1 : 0);
            int[] rows = Arrays.copyOfRange(indices, begin, end);
            shares.add(new Share(Arrays.stream(rows).asLongStream().toArray(), Arrays.stream(rows).mapToLong(i -> labels[i]).toArray(),
                    batch.images().slice(begin * imageBytes, rows.length * imageBytes)));
            begin = end;
        }
        return shares;
    }
}
