package ai.modx.train;

import java.nio.file.Path;
import java.util.Optional;

/** A loss or gradient that is not a finite number; the message says at which step. Exit code 4. */
public final class DivergedException extends RuntimeException {

    public DivergedException(String message) {
        super(message);
    }

    /** The same, with the last good checkpoint named. */
    public DivergedException after(Optional<Path> checkpoint) {
        return new DivergedException(getMessage() + ". " + checkpoint.map(file -> "The last good checkpoint is " + file).orElse("No checkpoint was saved before"));
    }
}
