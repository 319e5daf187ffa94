package ai.modx.lineareval;

import ai.djl.ndarray.NDArray;
import ai.modx.data.Batch;
import ai.modx.data.BatchRequest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.IntStream;

/**
 * Features that were computed once, all on one device.
 *
 * @param matrix (N, E)
 * @param labels class of each row
 * @param rows   [N], which row stands for an image: its own, unless it is bad and another one takes its place
 */
record RememberedFeatures(NDArray matrix, int[] labels, int[] rows) implements ProbeInput {

    private static final ByteBuffer NO_IMAGES = ByteBuffer.allocateDirect(0);
    private static final int[] NO_TOKENS = {};

    /** Features of images of which none is bad. */
    RememberedFeatures(NDArray matrix, int[] labels) {
        this(matrix, labels, IntStream.range(0, labels.length).toArray());
    }

    /** The features lie on the first device, and are too little work to be shared. */
    @Override
    public int replicas(int available) {
        return 1;
    }

    @Override
    public Batches batches(Iterator<BatchRequest> requests) {
        return new Batches() {
            @Override
            public boolean hasNext() {
                return requests.hasNext();
            }

            @Override
            public Batch next() {
                BatchRequest request = requests.next();
                int[] standing = Arrays.stream(request.indices()).map(index -> rows[index]).toArray();
                return new Batch(new BatchRequest(request.epoch(), standing), NO_IMAGES, NO_TOKENS);
            }

            @Override
            public void close() {
                // nothing is under way
            }
        };
    }

    @Override
    public NDArray features(ProbeReplica replica, Share share, boolean training) {
        return replica.recall(matrix, share);
    }
}
