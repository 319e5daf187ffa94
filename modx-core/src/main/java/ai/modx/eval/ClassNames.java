package ai.modx.eval;

import ai.modx.config.Count;
import ai.modx.data.DataException;
import ai.modx.data.TextLines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the classes of an image folder are called in words.
 *
 * @param words for every class, in the folder's order, one or more names that mean the same
 */
public record ClassNames(List<List<String>> words) {

    private static final String FLAG = "--class_names";
    private static final String SEPARATOR = "\t";
    private static final String SYNONYMS = "\\s*,\\s*";

    public ClassNames {
        words = words.stream().map(List::copyOf).toList();
    }

    /** The folders' own names, with blanks for underscores. */
    public static ClassNames of(List<String> folders) {
        return new ClassNames(folders.stream().map(folder -> List.of(folder.replace('_', ' '))).toList());
    }

    /**
     * Reads a file with a line for each class: the folder's name, a tab, and names with commas between; or, without any tab, the
     * names alone in the order of the folders. With folders there may be lines for more of them, of a larger data set. Lines that are the folders' names themselves may have any order. Empty lines do not count.
     *
     * @param folders names of the class folders, sorted
     * @throws DataException if the file cannot be read, or a folder has no line of its own
     */
    public static ClassNames read(Path file, List<String> folders) {
        List<String> lines = TextLines.read(FLAG, file, "a line for each class: the folder's name, a tab, and what the class is called").stream()
                .filter(line -> !line.isBlank()).toList();
        if (lines.stream().noneMatch(line -> line.contains(SEPARATOR))) {
            if (lines.size() != folders.size()) {
                throw new DataException(FLAG + " " + file + " has " + Count.of(lines.size(), "name") + " for " + Count.of(folders.size(), "class folder")
                        + ". Expected one a line in the order of the folders, or lines of folder, tab and name");
            }
            return new ClassNames(inOrder(lines, folders).stream().map(line -> names(file, line)).toList());
        }
        Map<String, List<String>> byFolder = new LinkedHashMap<>();
        for (String line : lines) {
            String[] parts = line.split(SEPARATOR, 2);
            if (parts.length < 2 || byFolder.put(parts[0].strip(), names(file, parts[1])) != null) {
                throw new DataException(FLAG + " " + file + ": line '" + line + "' "
                        + (parts.length < 2 ? "has no tab after the folder's name" : "names a folder for the second time"));
            }
        }
        List<List<String>> words = new ArrayList<>();
        for (String folder : folders) {
            if (!byFolder.containsKey(folder)) {
                throw new DataException(FLAG + " " + file + " has no line for the folder " + folder);
            }
            words.add(byFolder.get(folder));
        }
        return new ClassNames(words);
    }

    /** The lines in the order of the folders if they are the folders' names, else as they are. */
    private static List<String> inOrder(List<String> lines, List<String> folders) {
        Map<String, String> byName = new HashMap<>();
        lines.forEach(line -> byName.put(plain(line), line));
        List<String> sorted = folders.stream().map(folder -> byName.get(plain(folder))).toList();
        return byName.size() < folders.size() || sorted.contains(null) ? lines : sorted;
    }

    private static String plain(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static List<String> names(Path file, String text) {
        List<String> names = Arrays.stream(text.strip().split(SYNONYMS)).filter(name -> !name.isEmpty()).toList();
        if (names.isEmpty()) {
            throw new DataException(FLAG + " " + file + " has a line without a name: '" + text.strip() + "'");
        }
        return names;
    }
}
