package ai.modx.eval;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.modx.model.LinearLayers;
import ai.modx.model.Precision;
import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.ScriptSource;
import ai.modx.torch.TensorCopy;
import ai.modx.torch.TensorFloat32;
import ai.modx.torch.TorchEngine;
import ai.modx.torch.TorchProgram;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The inner products of every query with every entry of a gallery, some queries at a time: all of them at once may not fit into
 * memory. Called by one thread.
 */
final class ScoreBlocks implements AutoCloseable {

    /** Queries that a thread takes at a time: they share memory. */
    private static final int ROWS = 1 << 5;
    /** Entries that a thread takes at a time: few enough for the fastest cache, many enough for the others to have work. */
    private static final int PART = 1 << 11;

    private final HostTensor queries;
    private final int count;
    private final int entries;
    private final int block;
    private final long keptBlocks;
    private final Map<Integer, FloatBuffer> kept = new HashMap<>();
    private final NDManager manager;
    private final TorchProgram program;
    private final NDArray gallery;

    /**
     * @param device      what the products are computed on
     * @param queries     (Q, E)
     * @param gallery     (G, E)
     * @param blockScores how many scores to compute at a time; at least one query's
     * @param keptScores  how many to keep once they are computed; others are computed anew, to the same bits
     */
    ScoreBlocks(Device device, HostTensor queries, HostTensor gallery, int blockScores, long keptScores) {
        this.queries = queries;
        count = (int) queries.shape()[0];
        entries = (int) gallery.shape()[0];
        block = Math.max(1, Math.min(count, blockScores / entries));
        keptBlocks = keptScores / ((long) block * entries);
        manager = TorchEngine.manager(device);
        try {
            program = TorchProgram.load(manager, ScriptSource.of(ScoreBlocks.class, "scores.py"), "Scores",
                    Map.of("convolve", LinearLayers.AUTO.convolved(device.isGpu(), Precision.FP32)));
            this.gallery = TensorCopy.toDevice(manager, gallery);
        } catch (RuntimeException | Error e) {
            manager.close(); // and whatever found room
            throw e;
        }
    }

    /** What is done with scores, in several threads at a time. */
    interface Use {

        /**
         * @param query  whose scores they are
         * @param first  the gallery's entry at which they begin
         * @param scores of one entry after another; filled anew when this returns
         */
        void accept(int query, int first, float[] scores);
    }

    /** Goes through all queries. No two threads have the same query. */
    void eachRow(Use use) {
        for (int begin = 0; begin < count; begin += block) {
            int first = begin;
            FloatBuffer scores = scores(first);
            int rows = scores.limit() / entries;
            IntStream.range(0, (rows + ROWS - 1) / ROWS).parallel().forEach(some -> {
                float[] line = new float[entries];
                for (int row = some * ROWS; row < Math.min(rows, (some + 1) * ROWS); row++) {
                    scores.get(row * entries, line);
                    use.accept(first + row, 0, line);
                }
            });
        }
    }

    /** Goes through all queries in parts of the gallery. No two threads have the same part: sums over queries may be kept by entry. */
    void eachPart(Use use) {
        for (int begin = 0; begin < count; begin += block) {
            int first = begin;
            FloatBuffer scores = scores(first);
            IntStream.range(0, (entries + PART - 1) / PART).parallel().forEach(part -> {
                float[] line = new float[Math.min(PART, entries - part * PART)];
                for (int row = 0; row < scores.limit() / entries; row++) {
                    scores.get(row * entries + part * PART, line);
                    use.accept(first + row, part * PART, line);
                }
            });
        }
    }

    /** The scores of a block, (b, G) row after row. */
    private FloatBuffer scores(int begin) {
        FloatBuffer found = kept.get(begin);
        if (found == null) {
            found = compute(begin, Math.min(begin + block, count));
            if (kept.size() < keptBlocks) {
                kept.put(begin, found);
            }
        }
        return found;
    }

    private FloatBuffer compute(int begin, int end) {
        int width = (int) queries.shape()[1];
        HostTensor some = new HostTensor(ElementType.FLOAT32, new long[] {end - begin, width},
                queries.data().slice(begin * width * Float.BYTES, (end - begin) * width * Float.BYTES));
        try (NativeScope scope = NativeScope.withoutGradients(); NDArray rows = TensorCopy.toDevice(manager, some)) {
            NDArray scores = TensorFloat32.without(manager.getDevice(), () -> program.call("scores", rows, gallery));
            return TensorCopy.toHost(scores).data().asFloatBuffer();
        }
    }

    @Override
    public void close() {
        gallery.close();
        program.close();
        manager.close();
    }
}
