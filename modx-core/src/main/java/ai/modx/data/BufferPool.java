package ai.modx.data;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A bounded number of direct buffers that are used again and again: the JVM frees direct memory too late to allocate one per
 * batch.
 */
final class BufferPool {

    private final int limit;
    private final Deque<ByteBuffer> free = new ArrayDeque<>();
    private int alive;

    BufferPool(int limit) {
        this.limit = limit;
    }

    /** Whether {@link #take} has something to give; stays true until then. */
    synchronized boolean hasRoom() {
        return !free.isEmpty() || alive < limit;
    }

    /** A buffer of at least the given capacity with arbitrary contents; only while there is room. */
    synchronized ByteBuffer take(int bytes) {
        if (!hasRoom()) {
            throw new IllegalStateException("All " + limit + " buffers are taken");
        }
        if (free.isEmpty()) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
            alive++; // after the allocation, which may fail
            return buffer;
        }
        ByteBuffer buffer = free.pop();
        return buffer.capacity() >= bytes ? buffer : ByteBuffer.allocateDirect(bytes);
    }

    synchronized void giveBack(ByteBuffer buffer) {
        free.push(buffer);
    }

    /** Buffers taken or free; at most the limit. */
    synchronized int alive() {
        return alive;
    }
}
