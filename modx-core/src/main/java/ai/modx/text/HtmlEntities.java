package ai.modx.text;

import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces HTML character references as Python's {@code html.unescape} does: numeric ones, and the named ones of HTML 5,
 * where 106 old names count without the closing semicolon and even as the beginning of a longer word ({@code &notit;}).
 */
final class HtmlEntities {

    private static final String REPLACEMENT = "\uFFFD";
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final Pattern REFERENCE =
            Pattern.compile("&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\\t\\n\\f <&#;]{1,32};?)");
    /** A reference with its semicolon, and nothing before the semicolon that does not belong to it. */
    private static final Pattern CLOSED = Pattern.compile("&(#[0-9]{1,24};|#[xX][0-9a-fA-F]{1,23};|[0-9a-zA-Z]{1,24};)");

    /** Text by name; the name includes its semicolon where it needs one. */
    private final Map<String, String> named;

    private HtmlEntities(Map<String, String> named) {
        this.named = named;
    }

    static HtmlEntities load() {
        Map<String, String> named = new HashMap<>();
        // A line: the name and the hexadecimal code points of its text.
        for (String line : GzipLines.of("html_entities.txt.gz")) {
            String[] fields = line.split(" ");
            StringBuilder text = new StringBuilder();
            for (int i = 1; i < fields.length; i++) {
                text.appendCodePoint(Integer.parseInt(fields[i], 16));
            }
            named.put(fields[0], text.toString());
        }
        return new HtmlEntities(named);
    }

    String unescape(String text) {
        if (text.indexOf('&') < 0) {
            return text;
        }
        return REFERENCE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(resolve(match.group(1))));
    }

    /**
     * Replaces only references that are complete, as ftfy does; also names in capitals that HTML knows in small letters:
     * {@code P&EACUTE;REZ} is meant as {@code P&Eacute;REZ}.
     */
    String unescapeClosed(String text) {
        if (text.indexOf('&') < 0) {
            return text;
        }
        return CLOSED.matcher(text).replaceAll(match -> Matcher.quoteReplacement(resolveClosed(match.group(1))));
    }

    private String resolveClosed(String reference) {
        if (reference.charAt(0) == '#') {
            String character = numeric(reference);
            return character.equals(";") ? "&" + reference : character; // ftfy takes a semicolon for the sign that nothing was resolved
        }
        String text = named.get(reference);
        if (text != null) {
            return text;
        }
        String inSmall = named.get(reference.toLowerCase(Locale.ROOT));
        boolean inCapitals = reference.equals(reference.toUpperCase(Locale.ROOT));
        String unknown = "&" + reference;
        return inSmall != null && inCapitals && named(reference).equals(unknown) ? inSmall.toUpperCase(Locale.ROOT) : unknown;
    }

    private String resolve(String reference) {
        return reference.charAt(0) == '#' ? numeric(reference) : named(reference);
    }

    private String named(String reference) {
        // The longest known beginning counts; names have at least two letters.
        for (int end = reference.length(); end > 1; end--) {
            String text = named.get(reference.substring(0, end));
            if (text != null) {
                return text + reference.substring(end);
            }
        }
        return "&" + reference;
    }

    private static String numeric(String reference) {
        int codePoint = codePoint(reference);
        if (codePoint >= 0x80 && codePoint <= 0x9f) {
            // Browsers read these as Windows-1252; its five unassigned bytes stay what they are.
            String text = new String(new byte[] {(byte) codePoint}, WINDOWS_1252);
            return text.equals(REPLACEMENT) ? Character.toString(codePoint) : text;
        }
        if (codePoint == 0 || codePoint > Character.MAX_CODE_POINT
                || codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
            return REPLACEMENT;
        }
        return isDropped(codePoint) ? "" : Character.toString(codePoint);
    }

    private static int codePoint(String reference) {
        String digits = reference.substring(1, reference.length() - (reference.endsWith(";") ? 1 : 0));
        boolean hexadecimal = digits.charAt(0) == 'x' || digits.charAt(0) == 'X';
        try {
            return hexadecimal ? Integer.parseInt(digits.substring(1), 16) : Integer.parseInt(digits);
        } catch (NumberFormatException tooLarge) {
            return Integer.MAX_VALUE;
        }
    }

    /** Control characters and non-characters, which HTML does not allow as references. */
    private static boolean isDropped(int codePoint) {
        boolean allowedControl = codePoint == '\t' || codePoint == '\n' || codePoint == '\f' || codePoint == '\r';
        return codePoint < 0x20 && !allowedControl
                || codePoint == 0x7f
                || codePoint >= 0xfdd0 && codePoint <= 0xfdef
                || (codePoint & 0xfffe) == 0xfffe;
    }
}
