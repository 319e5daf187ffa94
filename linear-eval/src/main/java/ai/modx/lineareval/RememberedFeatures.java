package ai.modx.lineareval;

import ai.djl.ndarray.NDArray;
import ai.modx.data.Batch;
import ai.modx.data.BatchRequest;
import java.nio.ByteBuffer;
import java.util.Iterator;

/**
 * Features that were computed once, all on one device.
 *
 * @param matrix (N, E)
 * @param labels class of each row
 */
record RememberedFeatures(NDArray matrix, int[] labels) implements ProbeInput {

    private static final ByteBuffer NO_IMAGES = ByteBuffer.allocateDirect(0);
    private static final int[] NO_TOKENS = {};

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
                return new Batch(requests.next(), NO_IMAGES, NO_TOKENS);
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
