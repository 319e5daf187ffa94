package ai.modx.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;

/** Guesses which name was meant by one that does not exist. */
public final class NearestName {

    /** Of a longer name only the beginning is compared: the cost is the product of both lengths. */
    private static final int LONGEST = 100;

    private NearestName() {}

    /**
     * A question for an error message: " Did you mean 'params_lr'?" names the known name that is nearest to the given one. One of which
     * the given name is a whole part ({@code lr} of {@code params_lr}) comes first, then the fewest letters to insert, delete or
     * replace, which are two at most where the given name abbreviates ({@code hf} of {@code huggingface}); case and dashes do not count.
     *
     * @param format how a name is written, with {@code %s} in its place
     * @return with a blank in front; empty if no name resembles the given one
     */
    public static String didYouMean(String given, Collection<String> known, String format) {
        String wanted = plain(given.substring(0, Math.min(given.length(), LONGEST)));
        return known.stream()
                .min(Comparator.<String>comparingInt(name -> distance(wanted, plain(name))).thenComparing(Comparator.naturalOrder()))
                .filter(name -> distance(wanted, plain(name)) <= Math.max(2, wanted.length() / 2))
                .map(name -> " Did you mean " + String.format(format, name) + "?").orElse("");
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace('-', '_');
    }

    private static int distance(String given, String name) {
        boolean wholePart = name.startsWith(given + "_") || name.endsWith("_" + given) || name.contains("_" + given + "_");
        return wholePart ? 1 : Math.min(levenshtein(given, name), abbreviates(given, name) ? 2 : Integer.MAX_VALUE);
    }

    /** Whether the letters stand in the name in that order, the first of them at its beginning. */
    private static boolean abbreviates(String given, String name) {
        int at = given.length() > 1 && name.startsWith(given.substring(0, 1)) ? 0 : -1;
        for (int i = 1; i < given.length() && at >= 0; i++) {
            at = name.indexOf(given.charAt(i), at + 1);
        }
        return at >= 0;
    }

    private static int levenshtein(String left, String right) {
        // row[j]: distance of the first i letters of left to the first j of right
        int[] row = IntStream.rangeClosed(0, right.length()).toArray();
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[right.length()];
    }
}
