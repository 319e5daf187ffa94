package ai.modx.checkpoint;

/** What is wrong inside a file, without the file's name; {@link CheckpointFile} adds the name once for all formats. */
final class FormatException extends RuntimeException {

    FormatException(String message) {
        super(message);
    }
}
