package ai.modx.data;

import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The wish that a command ends soon, made by a signal in another thread and asked for between steps and between batches: a
 * step is always finished, and what was learned is saved.
 */
public final class StopRequest {

    private static final int NONE = -1;

    private final AtomicInteger exitCode = new AtomicInteger(NONE);

    /** Thrown by work that leaves nothing behind when it stops early. */
    public static final class StoppedException extends RuntimeException {

        StoppedException() {
            super("stopped on request");
        }
    }

    /**
     * Asks for the end.
     *
     * @param code the exit code that the command shall end with
     */
    public void ask(int code) {
        exitCode.compareAndSet(NONE, code);
    }

    public boolean isAsked() {
        return exitCode.get() != NONE;
    }

    /** The exit code to end with; empty as long as nobody asked. */
    public OptionalInt exitCode() {
        int code = exitCode.get();
        return code == NONE ? OptionalInt.empty() : OptionalInt.of(code);
    }

    /** @throws StoppedException if the end was asked for */
    public void throwIfAsked() {
        if (isAsked()) {
            throw new StoppedException();
        }
    }
}
