package ai.modx.data;

import ai.modx.config.FileProblem;
import ai.modx.config.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A text file that a flag names and that has one entry a line. Blank lines are none.
 *
 * @param flag    that names it, for messages
 * @param entries at least one, in the order of the file
 */
public record ListFile(String flag, Path file, List<Entry> entries) {

    /**
     * An entry.
     *
     * @param line counted from 1
     * @param text without blanks at its end
     */
    public record Entry(int line, String text) {}

    public ListFile {
        entries = List.copyOf(entries);
    }

    /**
     * Reads a list.
     *
     * @param expected what the file should be, for messages
     * @throws DataException if it cannot be read, is not UTF-8, or has no entry
     */
    public static ListFile read(String flag, Path file, String expected) {
        List<Entry> entries = new ArrayList<>();
        try {
            int number = 0;
            for (String line : TextFile.lines(file)) {
                number++;
                if (!line.isBlank()) {
                    entries.add(new Entry(number, line.stripTrailing()));
                }
            }
        } catch (IOException e) {
            throw new DataException(flag + " " + file + " cannot be read: " + FileProblem.of(e) + ". Expected " + expected, e);
        }
        if (entries.isEmpty()) {
            throw new DataException(flag + " " + file + " is empty. Expected " + expected);
        }
        return new ListFile(flag, file, entries);
    }

    /** The entries alone. */
    public List<String> texts() {
        return entries.stream().map(Entry::text).toList();
    }

    /** An error about an entry. */
    public DataException error(Entry entry, String problem) {
        return new DataException(flag + " " + file + ", line " + entry.line + ": " + problem);
    }

    /** An error about the whole file. */
    public DataException error(String problem) {
        return new DataException(flag + " " + file + " " + problem);
    }
}
