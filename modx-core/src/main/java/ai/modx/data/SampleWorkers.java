package ai.modx.data;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Threads that load rows of batches, first come, first served. The unit of work is the sample, so that one batch uses all
 * threads.
 */
final class SampleWorkers implements RowLoader {

    private record Row(PendingBatch batch, int row) {}

    private final BlockingQueue<Row> queue = new LinkedBlockingQueue<>();
    private final List<Samples.Reader> readers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    /** @param count number of threads, at least 1 */
    SampleWorkers(Samples samples, int count) {
        try {
            for (int i = 0; i < count; i++) {
                Samples.Reader reader = samples.open();
                readers.add(reader);
                Thread thread = new Thread(() -> loadRows(reader), "data-worker-" + i);
                thread.setDaemon(true);
                threads.add(thread);
            }
        } catch (RuntimeException e) {
            readers.forEach(Samples.Reader::close);
            throw e;
        }
        threads.forEach(Thread::start);
    }

    @Override
    public void submit(PendingBatch batch) {
        for (int row = 0; row < batch.request().size(); row++) {
            queue.add(new Row(batch, row));
        }
    }

    private void loadRows(Samples.Reader reader) {
        try {
            while (!closed) {
                Row next = queue.take();
                next.batch().load(next.row(), reader);
            }
        } catch (InterruptedException e) {
            // close() wants this thread to end
        }
    }

    /** Drops what is queued, interrupts what is running, and returns when every thread has ended. */
    @Override
    public void close() {
        closed = true;
        queue.clear();
        threads.forEach(Thread::interrupt);
        boolean interrupted = false;
        for (Thread thread : threads) {
            interrupted |= joinUninterruptibly(thread);
        }
        readers.forEach(Samples.Reader::close);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether the calling thread was interrupted meanwhile: native decoders must not be freed under a running worker. */
    private static boolean joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }
}
