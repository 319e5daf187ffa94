package ai.modx.data;

import java.nio.ByteBuffer;
import java.util.stream.IntStream;

/**
 * Images and tokens of B samples. Its image memory belongs to the loader: {@link #close()} hands it back to be filled again, so
 * close only after the engine is done with every tensor made from it (on the CPU the engine does not copy direct buffers).
 */
public final class Batch implements AutoCloseable {

    private final BatchRequest request;
    private final int[] indices;
    private final ByteBuffer images;
    private final int[] tokens;
    private final double secondsWaited;
    private final Runnable release;
    private boolean closed;

    /** A batch in memory of the caller's own. */
    public Batch(BatchRequest request, ByteBuffer images, int[] tokens) {
        this(request, request.indices(), images, tokens, 0, () -> { });
    }

    /** @param indices the samples that were loaded */
    Batch(BatchRequest request, int[] indices, ByteBuffer images, int[] tokens, double secondsWaited, Runnable release) {
        this.request = request;
        this.indices = indices;
        this.images = images;
        this.tokens = tokens;
        this.secondsWaited = secondsWaited;
        this.release = release;
    }

    public int epoch() {
        return request.epoch();
    }

    /** The samples in this batch, [B]: those that were requested, or what replaces them. */
    public int[] indices() {
        return indices.clone();
    }

    /** The rows, ascending, that hold what was requested. */
    public int[] asRequested() {
        return IntStream.range(0, indices.length).filter(row -> indices[row] == request.index(row)).toArray();
    }

    /** B. */
    public int size() {
        return indices.length;
    }

    /** Direct buffer of uint8 [B, S, S, 3], from position 0 to the limit. */
    public ByteBuffer images() {
        checkOpen();
        return images.duplicate();
    }

    /** Token ids, [B, L] row-major. */
    public int[] tokens() {
        checkOpen();
        return tokens;
    }

    /** How long the caller waited for this batch. */
    public double secondsWaited() {
        return secondsWaited;
    }

    private synchronized void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The batch is closed; its memory may already hold another one");
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        release.run();
    }
}
