package ai.modx.config;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is the matter with a file or folder, in words: Java often says it by the class of an exception alone, whose message is a path. */
public final class FileProblem {

    private static final Map<Class<?>, String> WORDS = Map.of(
            NoSuchFileException.class, "it does not exist",
            AccessDeniedException.class, "permission denied",
            FileAlreadyExistsException.class, "it exists already",
            NotDirectoryException.class, "it is not a folder",
            FileSystemLoopException.class, "its links lead in a circle",
            EOFException.class, "it ends too early");

    /** The path and, in brackets, what the system says. */
    private static final Pattern OLD_STYLE = Pattern.compile(".* \\(([^()]+)\\)");

    private FileProblem() {}

    /** The file, where the exception knows it, a colon and the reason. */
    public static String withFile(IOException e) {
        return (e instanceof FileSystemException system && system.getFile() != null ? system.getFile() + ": " : "") + of(e);
    }

    /** The reason alone, without the file. */
    public static String of(Exception thrown) {
        Exception e = thrown instanceof UncheckedIOException wrapper ? wrapper.getCause() : thrown;
        if (WORDS.containsKey(e.getClass())) {
            return WORDS.get(e.getClass());
        }
        if (e instanceof CharacterCodingException) {
            return "it is not UTF-8 text";
        }
        if (e instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        if (e.getMessage() == null) {
            return "the system gives no reason";
        }
        Matcher old = OLD_STYLE.matcher(e.getMessage());
        return e instanceof FileNotFoundException && old.matches() ? old.group(1) : e.getMessage();
    }
}
