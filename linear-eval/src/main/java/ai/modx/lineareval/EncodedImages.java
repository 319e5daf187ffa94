package ai.modx.lineareval;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.modx.data.Batch;
import ai.modx.data.BatchLoader;
import ai.modx.data.BatchRequest;
import ai.modx.data.Samples;
import ai.modx.torch.HostMemory;
import java.util.Iterator;
import java.util.List;

/**
 * Images that are loaded and encoded each time.
 *
 * @param samples the images
 * @param labels  class of each
 * @param workers loader threads
 * @param devices where they are encoded
 */
record EncodedImages(Samples samples, int[] labels, int workers, List<Device> devices) implements ProbeInput {

    @Override
    public int replicas(int available) {
        return available;
    }

    @Override
    public Batches batches(Iterator<BatchRequest> requests) {
        HostMemory memory = HostMemory.forDevices(devices);
        BatchLoader loader;
        try {
            loader = new BatchLoader(samples, requests, workers, BatchLoader.DEFAULT_PREFETCH, memory);
        } catch (RuntimeException | Error failure) {
            memory.close();
            throw failure;
        }
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
                memory.close();
            }
        };
    }

    @Override
    public NDArray features(ProbeReplica replica, Share share, boolean training) {
        return replica.encode(share, samples.imageSide(), training);
    }
}
