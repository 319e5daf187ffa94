package ai.modx.eval;

import ai.modx.config.Count;
import ai.modx.data.DataException;
import ai.modx.data.ListFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What the classes of an image folder are called in words.
 *
 * @param words for every class, in the folder's order, one or more names that mean the same
 */
public record ClassNames(List<List<String>> words) {

    private static final String EXPECTED = "a line for each class: the folder's name, a tab, and what the class is called";
    private static final String SEPARATOR = "\t";
    private static final String SYNONYMS = "\\s*,\\s*";
    /** Behind a folder's name, in lists that were written without tabs. */
    private static final Pattern LOOSE_SEPARATOR = Pattern.compile("\\s*[\\s,;:=]\\s*");
    /** A line of a list with numbers, Python's dictionary of them among these. */
    private static final Pattern NUMBERED = Pattern.compile("\\{?\\s*(\\d+)\\s*[\\s:.,;)].*");

    /** A line with both. */
    private record Line(String folder, String names) {}

    public ClassNames {
        words = words.stream().map(List::copyOf).toList();
    }

    /** The folders' own names, with blanks for underscores. */
    public static ClassNames of(List<String> folders) {
        return new ClassNames(folders.stream().map(folder -> List.of(folder.replace('_', ' '))).toList());
    }

    /**
     * Reads a file with a line for each class: the folder's name, a tab, and names with commas between; or the names alone in the
     * order of the folders. With folders there may be lines for more of them, of a larger data set. Behind a folder's name with a
     * digit in it, such as n01440764, which is no word, a blank, comma or colon does for the tab, if all folders have such names.
     * Lines that are the folders' names themselves may have any order. Empty lines do not count.
     *
     * @param folders names of the class folders, sorted
     * @throws DataException if the file cannot be read, or a folder has no line of its own
     */
    public static ClassNames read(Path file, List<String> folders) {
        ListFile list = ListFile.read("--class_names", file, EXPECTED);
        boolean tabs = list.texts().stream().anyMatch(line -> line.contains(SEPARATOR));
        Set<String> ids = folders.stream().allMatch(folder -> folder.chars().anyMatch(Character::isDigit)) ? Set.copyOf(folders) : Set.of();
        Map<String, List<String>> byFolder = new LinkedHashMap<>();
        for (ListFile.Entry entry : list.entries()) {
            Optional<Line> line = line(entry.text(), ids);
            if (line.isEmpty() && tabs) {
                throw list.error(entry, "'" + entry.text() + "' has no tab and name after the folder's name");
            }
            if (line.isPresent() && byFolder.put(line.get().folder, names(list, entry, line.get().names)) != null) {
                throw list.error(entry, "'" + entry.text() + "' names a folder for the second time");
            }
        }
        return byFolder.isEmpty() ? inOrder(list, folders) : inOrder(list, folders, byFolder);
    }

    /** Empty if the text has no tab, nor one of the ids in front. */
    private static Optional<Line> line(String text, Set<String> ids) {
        boolean tab = text.contains(SEPARATOR);
        String[] parts = tab ? text.split(SEPARATOR, 2) : LOOSE_SEPARATOR.split(text.strip(), 2);
        return tab || parts.length == 2 && ids.contains(parts[0]) ? Optional.of(new Line(parts[0].strip(), parts[1])) : Optional.empty();
    }

    private static ClassNames inOrder(ListFile list, List<String> folders, Map<String, List<String>> byFolder) {
        for (String folder : folders) {
            if (!byFolder.containsKey(folder)) {
                throw list.error("has no line for the folder " + folder);
            }
        }
        return new ClassNames(folders.stream().map(byFolder::get).toList());
    }

    /** Of lines that are names alone. */
    private static ClassNames inOrder(ListFile list, List<String> folders) {
        requireNoNumbers(list);
        if (list.entries().size() != folders.size()) {
            throw list.error("has " + Count.of(list.entries().size(), "name") + " for " + Count.of(folders.size(), "class folder")
                    + ". Expected one a line in the order of the folders, or lines of folder, tab and name");
        }
        List<List<String>> words = list.entries().stream().map(entry -> names(list, entry, entry.text())).toList();
        Map<String, List<String>> byName = new HashMap<>();
        for (int i = 0; i < words.size(); i++) {
            byName.put(plain(list.texts().get(i)), words.get(i));
        }
        List<List<String>> sorted = folders.stream().map(folder -> byName.get(plain(folder))).toList();
        return new ClassNames(byName.size() < folders.size() || sorted.contains(null) ? words : sorted);
    }

    /** A list whose lines are numbered would make the numbers parts of the names. */
    private static void requireNoNumbers(ListFile list) {
        List<Integer> numbers = new ArrayList<>();
        for (ListFile.Entry entry : list.entries()) {
            Matcher numbered = NUMBERED.matcher(entry.text().strip());
            if (!numbered.matches() || numbered.group(1).length() > 9) {
                return;
            }
            numbers.add(Integer.parseInt(numbered.group(1)));
        }
        int first = numbers.get(0);
        if (numbers.size() > 1 && IntStream.range(0, numbers.size()).allMatch(i -> numbers.get(i) == first + i)) {
            throw list.error(list.entries().get(0), "'" + list.texts().get(0) + "' begins with a number, as all lines do. Expected " + EXPECTED);
        }
    }

    /** Letter by letter: {@link String#toLowerCase} copies the whole text for each letter that becomes two. */
    private static String plain(String name) {
        StringBuilder plain = new StringBuilder();
        name.strip().replace('_', ' ').codePoints().map(Character::toLowerCase).forEach(plain::appendCodePoint);
        return plain.toString();
    }

    private static List<String> names(ListFile list, ListFile.Entry entry, String text) {
        String unquoted = text.strip().replaceFirst("^\"(.*)\"$", "$1");
        List<String> names = Arrays.stream(unquoted.strip().split(SYNONYMS)).filter(name -> !name.isEmpty()).toList();
        if (names.isEmpty()) {
            throw list.error(entry, "'" + entry.text() + "' has no name");
        }
        return names;
    }

    /** The names that several classes have, whatever their case, each with the numbers of these classes. */
    public Map<String, Set<Integer>> shared() {
        Map<String, Set<Integer>> classes = new LinkedHashMap<>();
        for (int i = 0; i < words.size(); i++) {
            for (String name : words.get(i)) {
                classes.computeIfAbsent(plain(name), key -> new TreeSet<>()).add(i);
            }
        }
        classes.values().removeIf(numbers -> numbers.size() < 2);
        return classes;
    }
}
