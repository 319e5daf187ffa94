package ai.modx.text;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Brings a caption into the form that CLIP's vocabulary was made from, as OpenAI's code does: the text is repaired, HTML
 * references are resolved (twice, for text that was escaped twice), runs of white space become one blank, letters become
 * lower case.
 */
final class CaptionCleaner {

    private static final Pattern WHITE_SPACE = Pattern.compile("\\p{IsWhite_Space}+");

    private final HtmlEntities entities = HtmlEntities.load();
    private final TextRepair repair = new TextRepair(entities);

    String clean(String caption) {
        String text = strip(entities.unescape(entities.unescape(repair.repair(caption))));
        return lowerCase(strip(WHITE_SPACE.matcher(text).replaceAll(" ")));
    }

    /** The one letter that becomes two is replaced first: the JDK would copy the whole text for each of them. */
    private static String lowerCase(String text) {
        return text.replace("\u0130", "i\u0307").toLowerCase(Locale.ROOT);
    }

    private static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isOuterSpace(text.charAt(start))) {
            start++;
        }
        while (start < end && isOuterSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /** White space as Python's {@code str.strip} knows it: with the four separators U+001C to U+001F. */
    private static boolean isOuterSpace(char letter) {
        return Character.isWhitespace(letter) || Character.isSpaceChar(letter) || letter == '\u0085';
    }
}
