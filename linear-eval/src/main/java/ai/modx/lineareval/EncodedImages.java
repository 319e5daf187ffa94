package ai.modx.lineareval;

import ai.djl.ndarray.NDArray;
import ai.modx.data.Batch;
import ai.modx.data.BatchLoader;
import ai.modx.data.BatchRequest;
import ai.modx.data.Samples;
import ai.modx.torch.HostMemory;
import java.util.Iterator;

/**
 * Images that are loaded and encoded each time.
 *
 * @param samples the images
 * @param labels  class of each
 * @param workers loader threads
 * @param memory  for the images
 */
record EncodedImages(Samples samples, int[] labels, int workers, HostMemory memory) implements ProbeInput {

    @Override
    public int replicas(int available) {
        return available;
    }

    @Override
    public Batches batches(Iterator<BatchRequest> requests) {
        BatchLoader loader = new BatchLoader(samples, requests, workers, BatchLoader.DEFAULT_PREFETCH, memory);
        return new Batches() {
            @Override
            public boolean hasNext() {
                return loader.hasNext();
            }

            @Override
            public Batch next() {
                return loader.next();
            }

            @Override
            public void close() {
                loader.close();
            }
        };
    }

    @Override
    public NDArray features(ProbeReplica replica, Share share, boolean training) {
        return replica.encode(share, samples.imageSide(), training);
    }
}
