package ai.modx.train;

/** A loss or gradient that is not a finite number; the message says at which step. Exit code 4. */
public final class DivergedException extends RuntimeException {

    public DivergedException(String message) {
        super(message);
    }
}
