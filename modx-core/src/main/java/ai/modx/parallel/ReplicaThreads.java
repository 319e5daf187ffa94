package ai.modx.parallel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/**
 * One thread for each replica but the first, which works in the calling thread. Replica i always runs in the same thread,
 * because the native scopes it keeps open between calls belong to it.
 */
public final class ReplicaThreads implements AutoCloseable {

    private final List<ExecutorService> others = new ArrayList<>();

    /** @param others replicas beside the first */
    public ReplicaThreads(int others) {
        for (int i = 1; i <= others; i++) {
            String name = "replica-" + i;
            this.others.add(Executors.newSingleThreadExecutor(task -> {
                Thread thread = new Thread(task, name);
                thread.setDaemon(true);
                return thread;
            }));
        }
    }

    /**
     * Runs {@code task} for 0 to {@code count - 1} at the same time and waits for all of them.
     *
     * @return the results in order
     * @throws RuntimeException the first failure, the later ones attached to it
     */
    public <T> List<T> each(int count, IntFunction<T> task) {
        List<Future<T>> pending = new ArrayList<>();
        for (int i = 1; i < count; i++) {
            int index = i;
            pending.add(others.get(i - 1).submit(() -> task.apply(index)));
        }
        List<T> results = new ArrayList<>();
        Throwable failure = null;
        try {
            results.add(task.apply(0));
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        for (Future<T> future : pending) {
            try {
                results.add(join(future));
            } catch (RuntimeException | Error e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
        return results;
    }

    private static <T> T join(Future<T> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true; // a replica cannot be stopped midway; finish, then pass the interruption on
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        others.forEach(ExecutorService::shutdown);
    }
}
