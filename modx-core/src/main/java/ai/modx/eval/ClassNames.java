package ai.modx.eval;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the classes of an image folder are called in words.
 *
 * @param words for every class, in the folder's order, one or more names that mean the same
 */
public record ClassNames(List<List<String>> words) {

    public ClassNames {
        words = words.stream().map(List::copyOf).toList();
    }

    /** The folders' own names, with blanks for underscores. */
    public static ClassNames of(List<String> folders) {
        return new ClassNames(folders.stream().map(folder -> List.of(folder.replace('_', ' '))).toList());
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

    /**
     * A name as it is compared: without case, and without blanks around it; an underscore is a blank. Letter by letter, since
     * {@link String#toLowerCase} copies the whole text for each letter that becomes two.
     */
    static String plain(String name) {
        StringBuilder plain = new StringBuilder();
        name.strip().replace('_', ' ').codePoints().map(Character::toLowerCase).forEach(plain::appendCodePoint);
        return plain.toString();
    }
}
