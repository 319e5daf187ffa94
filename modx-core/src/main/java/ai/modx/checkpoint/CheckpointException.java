package ai.modx.checkpoint;

import ai.modx.config.PlainText;

/** A checkpoint that cannot be read or does not fit; the message names the file and what is wrong. Exit code 5. */
public class CheckpointException extends RuntimeException {

    public CheckpointException(String message) {
        super(PlainText.of(message));
    }

    public CheckpointException(String message, Throwable cause) {
        super(PlainText.of(message), cause);
    }
}
