package ai.modx.lineareval;

import ai.djl.ndarray.NDArray;
import ai.modx.data.Batch;
import ai.modx.data.BatchRequest;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.IntStream;

/** Labelled images, and how their features come about. */
interface ProbeInput {

    /** Batches one after another; closed when no more are wanted. */
    interface Batches extends Iterator<Batch>, AutoCloseable {

        @Override
        void close();
    }

    /** Class of each image. */
    int[] labels();

    /** How many of the replicas share the work. */
    int replicas(int available);

    /** Gets the requested batches ready. */
    Batches batches(Iterator<BatchRequest> requests);

    /**
     * Features of a share of a batch, (B, E), in the calling thread's scope.
     *
     * @param training whether an encoder that is trained behaves as in training
     */
    NDArray features(ProbeReplica replica, Share share, boolean training);

    /** All images once, as they come; the last batch may be smaller. */
    default Batches inOrder(int batchSize) {
        int count = labels().length;
        int[] all = IntStream.range(0, count).toArray();
        return batches(IntStream.range(0, (count + batchSize - 1) / batchSize)
                .mapToObj(i -> new BatchRequest(0, Arrays.copyOfRange(all, i * batchSize, Math.min((i + 1) * batchSize, count))))
                .iterator());
    }
}
