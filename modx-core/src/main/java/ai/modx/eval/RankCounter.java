package ai.modx.eval;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.TensorCopy;
import java.nio.FloatBuffer;
import java.util.stream.IntStream;

/**
 * Ranks a gallery for every query by inner product, without sorting: the rank of a query is the number of irrelevant
 * entries that come before its best relevant one.
 *
 * <p>A tie counts against the model: an irrelevant entry that scores the same comes first. The order of the data then
 * decides nothing, and a model that gives everything the same feature finds nothing, where counting only better entries
 * would find everything. A score that is not a number counts against it too. Ties hold as far as the arithmetic is exact:
 * the same feature twice may differ in the last bit of its score.
 */
final class RankCounter {

    /** Scores in memory at a time: 16 MiB, twice. */
    static final int BLOCK_SCORES = 1 << 22;

    private final Device device;
    private final int blockScores;

    /**
     * @param device      what the products are computed on
     * @param blockScores how many scores to compute at a time; at least one query's
     */
    RankCounter(Device device, int blockScores) {
        this.device = device;
        this.blockScores = blockScores;
    }

    /**
     * Ranks counted from 0, [Q].
     *
     * @param queries  (Q, E)
     * @param gallery  (G, E)
     * @param relevant for every query the rows of the gallery that answer it, [Q][1 or more]
     */
    int[] ranks(HostTensor queries, HostTensor gallery, int[][] relevant) {
        int width = (int) gallery.shape()[1];
        int entries = (int) gallery.shape()[0];
        int block = Math.max(1, Math.min(relevant.length, blockScores / entries));
        int[] ranks = new int[relevant.length];
        try (NDManager manager = NDManager.newBaseManager(device);
                NativeScope whole = NativeScope.withoutGradients();
                NDArray columns = TensorCopy.toDevice(manager, gallery)) {
            for (int begin = 0; begin < ranks.length; begin += block) {
                int first = begin;
                int count = Math.min(block, ranks.length - begin);
                FloatBuffer scores = scores(manager, rows(queries, begin, count, width), columns);
                IntStream.range(0, count).parallel().forEach(row -> {
                    float[] line = new float[entries];
                    scores.get(row * entries, line);
                    ranks[first + row] = rank(line, relevant[first + row]);
                });
            }
        }
        return ranks;
    }

    private static HostTensor rows(HostTensor matrix, int begin, int count, int width) {
        int rowBytes = width * Float.BYTES;
        return new HostTensor(ElementType.FLOAT32, new long[] {count, width},
                matrix.data().slice(begin * rowBytes, count * rowBytes));
    }

    /** Inner products of (b, E) and (G, E), as (b, G) row after row. */
    private static FloatBuffer scores(NDManager manager, HostTensor block, NDArray gallery) {
        try (NativeScope scope = NativeScope.withoutGradients(); NDArray rows = TensorCopy.toDevice(manager, block)) {
            return TensorCopy.toHost(rows.matMul(gallery.transpose())).data().asFloatBuffer();
        }
    }

    private static int rank(float[] scores, int[] relevant) {
        float best = Float.NEGATIVE_INFINITY;
        for (int entry : relevant) {
            best = Math.max(best, scores[entry]); // NaN, if one of them is
        }
        int rank = 0;
        for (float score : scores) {
            rank += comesFirst(score, best);
        }
        for (int entry : relevant) {
            rank -= comesFirst(scores[entry], best);
        }
        return rank;
    }

    /** 1 if an irrelevant entry of this score precedes a relevant one of score best; true also if either is no number. */
    private static int comesFirst(float score, float best) {
        return score < best ? 0 : 1;
    }
}
