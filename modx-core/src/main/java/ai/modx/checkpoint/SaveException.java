package ai.modx.checkpoint;

/** A file that cannot be written; the message names the file, the cause and what became of the file's earlier content. Exit code 1. */
public final class SaveException extends RuntimeException {

    public SaveException(String message, Throwable cause) {
        super(message, cause);
    }
}
