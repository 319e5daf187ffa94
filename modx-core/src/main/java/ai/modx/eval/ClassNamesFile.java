package ai.modx.eval;

import ai.modx.config.Count;
import ai.modx.data.DataException;
import ai.modx.data.ListFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the file of {@code --class_names}: a line for each class. */
public final class ClassNamesFile {

    private static final Logger LOG = LoggerFactory.getLogger(ClassNamesFile.class);

    private static final String EXPECTED = "a line for each class: the folder's name, a tab, and what the class is called";
    private static final String SEPARATOR = "\t";
    private static final String SYNONYMS = ",";
    /** Behind a folder's name, in lists that were written without tabs. */
    private static final Pattern LOOSE_SEPARATOR = Pattern.compile("\\s*[\\s,;:=]\\s*");
    /** A line of a list with numbers, Python's dictionary of them among these. */
    private static final Pattern NUMBERED = Pattern.compile("\\{?\\s*(\\d{1,9})\\s*[\\s:.,;)].*");
    private static final Pattern QUOTED = Pattern.compile("\"(.*)\"");

    private final ListFile list;
    private final List<String> folders;

    /** A line that names its folder. */
    private record Line(String folder, String names) {}

    private ClassNamesFile(ListFile list, List<String> folders) {
        this.list = list;
        this.folders = folders;
    }

    /**
     * Reads lines of a folder's name, a tab, and names with commas between; or names alone in the order of the folders. With folders
     * there may be lines for more of them, of a larger data set. Where all folders' names have digits, such as n01440764, and so are
     * no words, a blank, comma or colon does for the tab. Lines that are the folders' names themselves may have any order.
     *
     * @param folders names of the class folders, sorted
     * @throws DataException if the file cannot be read, or a folder has no line of its own
     */
    public static ClassNames read(Path file, List<String> folders) {
        return new ClassNamesFile(ListFile.read("--class_names", file, EXPECTED), folders).names();
    }

    private ClassNames names() {
        boolean tabs = list.texts().stream().anyMatch(text -> text.contains(SEPARATOR));
        boolean ids = folders.stream().allMatch(folder -> folder.chars().anyMatch(Character::isDigit));
        Map<String, List<String>> byFolder = new LinkedHashMap<>();
        for (ListFile.Entry entry : list.entries()) {
            Optional<Line> line = line(entry.text(), ids ? Set.copyOf(folders) : Set.of());
            if (line.isEmpty() && tabs) {
                throw list.error(entry, "'" + entry.text() + "' has no tab and name after the folder's name");
            }
            if (line.isPresent() && byFolder.put(line.get().folder, synonyms(entry, line.get().names)) != null) {
                throw list.error(entry, "'" + entry.text() + "' names a folder for the second time");
            }
        }
        return byFolder.isEmpty() ? namesAlone() : namesOf(byFolder);
    }

    /** Empty if the text has no tab, nor one of the ids in front. */
    private static Optional<Line> line(String text, Set<String> ids) {
        boolean tab = text.contains(SEPARATOR);
        String[] parts = tab ? text.split(SEPARATOR, 2) : LOOSE_SEPARATOR.split(text.strip(), 2);
        return tab || parts.length == 2 && ids.contains(parts[0]) ? Optional.of(new Line(parts[0].strip(), parts[1])) : Optional.empty();
    }

    private ClassNames namesOf(Map<String, List<String>> byFolder) {
        for (String folder : folders) {
            if (!byFolder.containsKey(folder)) {
                throw list.error("has no line for the folder " + folder);
            }
        }
        return new ClassNames(folders.stream().map(byFolder::get).toList());
    }

    private ClassNames namesAlone() {
        requireNoNumbers();
        if (list.entries().size() != folders.size()) {
            throw list.error("has " + Count.of(list.entries().size(), "name") + " for " + Count.of(folders.size(), "class folder")
                    + ". Expected one a line in the order of the folders, or lines of folder, tab and name");
        }
        if (list.texts().stream().map(text -> text.strip().split("\\s+", 2))
                .allMatch(words -> words.length == 2 && folders.contains(words[0]))) {
            LOG.warn("{} {}: every line begins with a folder's name, which is taken for a part of the class's name. "
                    + "Put a tab behind it if it is none", list.flag(), list.file());
        }
        List<List<String>> names = list.entries().stream().map(entry -> synonyms(entry, entry.text())).toList();
        return new ClassNames(inOrder(names));
    }

    /** In the order of the folders if the lines are the folders' names, else as they are. */
    private List<List<String>> inOrder(List<List<String>> names) {
        Map<String, List<String>> byText = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            byText.put(ClassNames.plain(list.texts().get(i)), names.get(i));
        }
        List<List<String>> sorted = folders.stream().map(folder -> byText.get(ClassNames.plain(folder))).toList();
        return byText.size() < folders.size() || sorted.contains(null) ? names : sorted;
    }

    /** A list whose lines are numbered would make the numbers parts of the names. */
    private void requireNoNumbers() {
        List<OptionalInt> numbers = list.texts().stream().map(ClassNamesFile::number).toList();
        boolean numbered = numbers.size() > 1 && IntStream.range(0, numbers.size())
                .allMatch(i -> numbers.get(0).isPresent() && numbers.get(i).equals(OptionalInt.of(numbers.get(0).getAsInt() + i)));
        if (numbered) {
            throw list.error(list.entries().get(0), "'" + list.texts().get(0)
                    + "' begins with a number, as all lines do. Expected " + EXPECTED);
        }
    }

    private static OptionalInt number(String text) {
        Matcher numbered = NUMBERED.matcher(text.strip());
        return numbered.matches() ? OptionalInt.of(Integer.parseInt(numbered.group(1))) : OptionalInt.empty();
    }

    private List<String> synonyms(ListFile.Entry entry, String text) {
        Matcher quoted = QUOTED.matcher(text.strip());
        List<String> names = Stream.of((quoted.matches() ? quoted.group(1) : text).split(SYNONYMS)).map(String::strip)
                .filter(name -> !name.isEmpty()).toList();
        if (names.isEmpty()) {
            throw list.error(entry, "'" + entry.text() + "' has no name");
        }
        return names;
    }
}
