package ai.modx.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Turns SIGINT and SIGTERM into a question that a long run asks between its steps. While this is open, a signal does not end the
 * process at once: the run sees it, saves, and returns, and then the process ends with the exit code that the shell expects of
 * the signal (130, 143), which the JVM sets by itself.
 */
public final class StopSignals implements AutoCloseable, BooleanSupplier {

    /** A step and a save take no longer; a run that hangs must not keep a machine from shutting down. */
    private static final long PATIENCE_SECONDS = 120;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::awaitRun, "stop-signals");
    private volatile boolean received;

    /** Starts to listen. */
    public StopSignals() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void awaitRun() {
        received = true;
        try {
            finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the run shall save and return. */
    @Override
    public boolean getAsBoolean() {
        return received;
    }

    /** Says that everything is saved. */
    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process is ending already, which is what the signal wanted
        }
    }
}
