package ai.modx.checkpoint;

import ai.modx.config.FileProblem;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that cannot be written; the message names the file, the cause and what became of the file's earlier content. Exit code 1. */
public final class SaveException extends RuntimeException {

    public SaveException(String message, Throwable cause) {
        super(message, cause);
    }

    /** A folder that cannot be made. */
    public static SaveException ofFolder(Path folder, IOException e) {
        Path failed = e instanceof FileSystemException system && system.getFile() != null ? Path.of(system.getFile()) : folder; // perhaps one above
        return new SaveException("Cannot make the folder " + folder + ": " + cause(e, failed), e);
    }

    /** What the system has against a file or folder that is to be written. */
    static String cause(IOException e, Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (e instanceof NoSuchFileException) {
            return "the folder " + folder + (Files.isDirectory(folder) ? " takes no new files" : " does not exist");
        }
        if (e instanceof AccessDeniedException) {
            return "the folder " + folder + " may not be written to";
        }
        return FileProblem.of(e);
    }
}
