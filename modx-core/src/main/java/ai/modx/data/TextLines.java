package ai.modx.data;

import ai.modx.config.FileProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the text files that flags name. */
public final class TextLines {

    private TextLines() {}

    /**
     * All lines of a file.
     *
     * @param flag     that names it, for the message
     * @param expected what it should be, for the message
     * @throws DataException if it cannot be read, or is not UTF-8
     */
    public static List<String> read(String flag, Path file, String expected) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new DataException(flag + " " + file + " cannot be read: " + FileProblem.of(e) + ". Expected " + expected, e);
        }
    }
}
