package ai.modx.train;

/** A loss or gradient that is not finite; the message names the step and the last good checkpoint. Exit code 4. */
public final class DivergedException extends RuntimeException {

    public DivergedException(String message) {
        super(message);
    }
}
