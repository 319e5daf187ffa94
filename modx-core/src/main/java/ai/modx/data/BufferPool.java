package ai.modx.data;

import ai.modx.torch.HostMemory;
import java.util.ArrayDeque;
import java.util.Deque;

/** A bounded number of buffers that are used again and again: memory for batches is expensive to come by and late to be freed. */
final class BufferPool implements AutoCloseable {

    private final HostMemory memory;
    private final int limit;
    private final Deque<HostMemory.Block> free = new ArrayDeque<>();
    private int alive;
    private boolean closed;

    BufferPool(HostMemory memory, int limit) {
        this.memory = memory;
        this.limit = limit;
    }

    /** Whether {@link #take} has something to give; stays true until then. */
    synchronized boolean hasRoom() {
        return !free.isEmpty() || alive < limit;
    }

    /** A buffer of at least the given capacity with arbitrary contents; only while there is room. */
    synchronized HostMemory.Block take(int bytes) {
        if (!hasRoom()) {
            throw new IllegalStateException("All " + limit + " buffers are taken");
        }
        if (free.isEmpty()) {
            HostMemory.Block block = memory.allocate(bytes);
            alive++; // after the allocation, which may fail
            return block;
        }
        HostMemory.Block block = free.pop();
        if (block.buffer().capacity() >= bytes) {
            return block;
        }
        block.close();
        alive--;
        return take(bytes);
    }

    synchronized void giveBack(HostMemory.Block block) {
        if (closed) {
            block.close();
            alive--;
        } else {
            free.push(block);
        }
    }

    /** Buffers taken or free; at most the limit. */
    synchronized int alive() {
        return alive;
    }

    /** Frees the buffers, those that are taken when they come back. */
    @Override
    public synchronized void close() {
        closed = true;
        free.forEach(HostMemory.Block::close);
        alive -= free.size();
        free.clear();
    }
}
