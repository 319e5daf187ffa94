package ai.modx.data;

import ai.modx.config.ConfigException;
import ai.modx.torch.HostMemory;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;

/**
 * Loads the requested batches, ahead of the caller and in order. Their contents do not depend on the number of workers. At most
 * {@code prefetch + 1} image buffers exist: the caller's batch and those in preparation.
 *
 * <p>One thread takes batches; {@link #close()} may come from any thread at any time.
 */
public final class BatchLoader implements Iterator<Batch>, AutoCloseable {

    /** Batches prepared ahead unless told otherwise. */
    public static final int DEFAULT_PREFETCH = 2;

    private final Samples samples;
    private final Iterator<BatchRequest> requests;
    private final BufferPool pool;
    private final int depth;
    private final RowLoader rowLoader;
    private final Queue<PendingBatch> pending = new ArrayDeque<>();
    /** Held while closing, so that whoever closes returns when nothing is written any more. */
    private final Object closing = new Object();
    private boolean closed;

    /** Into the JVM's own memory. */
    public BatchLoader(Samples samples, Iterator<BatchRequest> requests, int workers, int prefetch) {
        this(samples, requests, workers, prefetch, HostMemory.ORDINARY);
    }

    /**
     * @param requests the batches, in order; asked by the thread that takes batches, up to prefetch + 1 ahead
     * @param workers  loading threads; 0 loads in the calling thread, and nothing ahead
     * @param prefetch batches to prepare ahead of the caller, at least 1
     * @param memory   for the images; must outlive the batches
     */
    public BatchLoader(Samples samples, Iterator<BatchRequest> requests, int workers, int prefetch, HostMemory memory) {
        if (workers < 0 || prefetch < 1) {
            throw new IllegalArgumentException(workers + " workers and prefetch " + prefetch
                    + "; at least 0 and 1 were expected");
        }
        this.samples = samples;
        this.requests = requests;
        this.pool = new BufferPool(memory, prefetch + 1);
        this.depth = workers == 0 ? 1 : prefetch + 1;
        this.rowLoader = workers == 0 ? new CallingThread(samples.open()) : new SampleWorkers(samples, workers);
        if (workers > 0) {
            startAhead();
        }
    }

    private void startAhead() {
        try {
            schedule();
        } catch (RuntimeException | Error e) {
            close(); // nobody else can, for want of a reference
            throw e;
        }
    }

    @Override
    public synchronized boolean hasNext() {
        return !closed && (!pending.isEmpty() || requests.hasNext());
    }

    /**
     * The next batch, to be closed by the caller. If one of its samples cannot be loaded, or the samples refuse to
     * go on, the loader closes itself.
     *
     * @throws DataException          naming the file, if that is at fault
     * @throws NoSuchElementException after the last batch
     * @throws IllegalStateException  if the caller holds all buffers, or the loader is closed
     */
    @Override
    public Batch next() {
        long start = System.nanoTime();
        PendingBatch batch = upcoming();
        try {
            batch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for data", e);
        }
        synchronized (this) {
            checkOpen();
            pending.remove();
        }
        if (batch.failure().isPresent()) {
            batch.drop(pool);
            close();
            throw carried(batch.request(), batch.failure().get());
        }
        try {
            samples.taken(batch.rows());
        } catch (DataException e) {
            batch.drop(pool);
            close();
            throw e;
        }
        return batch.toBatch((System.nanoTime() - start) / 1e9, pool);
    }

    /** Image buffers in existence. */
    int buffersAlive() {
        return pool.alive();
    }

    private synchronized PendingBatch upcoming() {
        checkOpen();
        schedule();
        if (pending.isEmpty()) {
            if (!requests.hasNext()) {
                throw new NoSuchElementException("All batches were taken");
            }
            throw new IllegalStateException("The caller holds all " + pool.alive()
                    + " image buffers; close a batch before taking another");
        }
        return pending.peek();
    }

    /** Starts as many batches as buffers and depth allow. A request is drawn only when there is a buffer for it. */
    private synchronized void schedule() {
        while (pending.size() < depth && pool.hasRoom() && requests.hasNext()) {
            BatchRequest request = requests.next();
            int imageBytes = imageBytes(request.size(), samples.imageSide());
            int[] tokens = new int[request.size() * samples.contextLength()];
            PendingBatch batch = new PendingBatch(request, pool.take(imageBytes), imageBytes, tokens);
            pending.add(batch);
            rowLoader.submit(batch);
        }
    }

    /**
     * Bytes of a batch's images.
     *
     * @param side of the images, in pixels
     * @throws ConfigException if no buffer holds so many
     */
    public static int imageBytes(int batchSize, int side) {
        long bytes = 3L * side * side * batchSize;
        if (bytes > Integer.MAX_VALUE) {
            throw new ConfigException("A batch of " + batchSize + " images of " + side + " x " + side
                    + " pixels takes " + bytes + " bytes; at most " + Integer.MAX_VALUE + " fit. Use a smaller batch");
        }
        return (int) bytes;
    }

    /** The failure for the caller's thread, with this stack trace and the worker's as its cause. */
    private RuntimeException carried(BatchRequest request, PendingBatch.Failure failure) {
        Throwable cause = failure.cause();
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause instanceof DataException) {
            return new DataException(cause.getMessage(), cause);
        }
        String name = samples.name(request.index(failure.row()));
        return new IllegalStateException("Sample " + name + " could not be loaded: " + cause.getMessage(), cause);
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The batch loader is closed");
        }
    }

    /** Cancels what is under way and returns when all threads have ended. Batches already taken stay valid. */
    @Override
    public void close() {
        synchronized (closing) {
            synchronized (this) {
                if (closed) {
                    return;
                }
                closed = true;
                pending.forEach(PendingBatch::cancel); // wakes a caller who waits for one
            }
            rowLoader.close();
            synchronized (this) {
                pending.forEach(batch -> batch.drop(pool));
                pending.clear();
            }
            pool.close();
        }
    }

    /** Loads a batch at once where it is submitted, which is where it is taken. */
    private record CallingThread(Samples.Reader reader) implements RowLoader {

        @Override
        public void submit(PendingBatch batch) {
            for (int row = 0; row < batch.request().size(); row++) {
                batch.load(row, reader);
            }
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
