package ai.modx.data;

import ai.modx.torch.HostMemory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** A batch on its way: its rows are loaded by any threads in any order. Of several failures that of the lowest row counts. */
final class PendingBatch {

    /** A row that could not be loaded. */
    record Failure(int row, Throwable cause) {}

    private final BatchRequest request;
    private final HostMemory.Block memory;
    private final ByteBuffer images;
    private final int[] tokens;
    private final Loaded[] rows;
    private int remaining;
    private boolean cancelled;
    private Optional<Failure> failure = Optional.empty();

    /**
     * @param memory     at least imageBytes
     * @param imageBytes bytes of [B, S, S, 3]
     * @param tokens     [B, L]
     */
    PendingBatch(BatchRequest request, HostMemory.Block memory, int imageBytes, int[] tokens) {
        this.request = request;
        this.memory = memory;
        this.images = memory.buffer().slice(0, imageBytes);
        this.tokens = tokens;
        this.rows = new Loaded[request.size()];
        this.remaining = rows.length;
    }

    BatchRequest request() {
        return request;
    }

    /** Loads a row, or skips it if the batch is lost anyway. Failures are kept, not thrown. */
    void load(int row, Samples.Reader reader) {
        Optional<Failure> problem = Optional.empty();
        if (isWanted(row)) {
            try {
                rows[row] = reader.read(request.epoch(), request.index(row), images, tokens, row);
            } catch (Throwable e) { // errors too: the caller of next() must learn of them, not only this thread
                problem = Optional.of(new Failure(row, e));
            }
        }
        finish(problem);
    }

    private synchronized boolean isWanted(int row) {
        return !cancelled && (failure.isEmpty() || row < failure.get().row());
    }

    private synchronized void finish(Optional<Failure> problem) {
        if (problem.isPresent() && (failure.isEmpty() || problem.get().row() < failure.get().row())) {
            failure = problem;
        }
        if (--remaining == 0) {
            notifyAll();
        }
    }

    /** Waits until every row is loaded or skipped, or the batch is cancelled. */
    synchronized void await() throws InterruptedException {
        while (remaining > 0 && !cancelled) {
            wait();
        }
    }

    synchronized void cancel() {
        cancelled = true;
        notifyAll();
    }

    synchronized Optional<Failure> failure() {
        return failure;
    }

    /** What was loaded; call after {@link #await()} only, and if nothing failed. */
    synchronized List<Loaded> rows() {
        return List.of(rows);
    }

    /** Gives the memory back; call when no row is being loaded any more, instead of {@link #toBatch}. */
    void drop(BufferPool pool) {
        pool.giveBack(memory);
    }

    /** The loaded batch; call after {@link #await()} only. */
    Batch toBatch(double secondsWaited, BufferPool pool) {
        return new Batch(request, rows().stream().mapToInt(Loaded::index).toArray(), images, tokens, secondsWaited, () -> pool.giveBack(memory));
    }
}
