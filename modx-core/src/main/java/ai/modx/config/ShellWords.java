package ai.modx.config;

import java.util.Collection;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Commands as they can be copied into a shell. */
public final class ShellWords {

    /** What no shell takes for anything but itself. */
    private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+", Pattern.UNICODE_CHARACTER_CLASS);

    private ShellWords() {}

    /** A word, in quotes if it needs them. */
    public static String quote(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** Words with blanks between. */
    public static String join(Collection<String> words) {
        return words.stream().map(ShellWords::quote).collect(Collectors.joining(" "));
    }
}
