package ai.modx.text;

import java.nio.charset.Charset;
import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * Repairs what goes wrong with texts on their way: HTML references, terminal escapes, UTF-8 that was read as Windows-1252,
 * ligatures, wide and narrow letters, curly quotes, line breaks, control characters; the result is in Unicode's form NFC.
 *
 * <p>The tokenizers of OpenAI, open_clip and the Mod-X release let the Python library ftfy 6 do this before anything else.
 * The rules are those of {@code ftfy.fix_text}, except for the question whether a text was wrongly decoded, which is a matter
 * of judgement: see {@link Mojibake}. Form NFC is that of the JDK's version of Unicode.
 */
final class TextRepair {

    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final char REPLACEMENT = '\uFFFD';
    private static final Pattern TERMINAL_ESCAPE = Pattern.compile("\u001b\\[[\\p{Nd};]*[A-Za-z]");
    /** A longer line is repaired in pieces of this length. */
    private static final int MAX_PIECE = 1_000_000;
    /** Each round undoes one more level of escaping; the bound is for texts that are made of thousands of levels. */
    private static final int MAX_ROUNDS = 16;

    private final HtmlEntities entities;

    TextRepair(HtmlEntities entities) {
        this.entities = entities;
    }

    String repair(String text) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder repaired = new StringBuilder(text.length());
        boolean mayBeHtml = false;
        for (int start = 0; start < text.length(); ) {
            int end = pieceEnd(text, start);
            String piece = text.substring(start, end);
            // Once a line has a tag, references are left to the HTML that the text seems to be.
            mayBeHtml |= piece.indexOf('<') >= 0;
            repaired.append(repairPiece(piece, mayBeHtml));
            start = end;
        }
        return repaired.toString();
    }

    /** Whether nothing can need a repair: printable ASCII without references. Nearly every caption is plain. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter < ' ' && letter != '\n' && letter != '\t' || letter > '~' || letter == '&') {
                return false;
            }
        }
        return true;
    }

    private static int pieceEnd(String text, int start) {
        int newline = text.indexOf('\n', start);
        int end = newline < 0 ? text.length() : newline + 1;
        return text.codePointCount(start, end) > MAX_PIECE ? text.offsetByCodePoints(start, MAX_PIECE) : end;
    }

    private String repairPiece(String piece, boolean mayBeHtml) {
        String before = null;
        String after = piece;
        for (int round = 0; round < MAX_ROUNDS && !after.equals(before); round++) {
            before = after;
            after = mayBeHtml ? after : entities.unescapeClosed(after);
            after = replaceCharacters(Mojibake.repair(after));
            after = dropCharacters(TERMINAL_ESCAPE.matcher(after).replaceAll(""));
            after = Normalizer.normalize(after, Normalizer.Form.NFC);
        }
        return after;
    }

    private static String replaceCharacters(String text) {
        StringBuilder repaired = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            if (codePoint == '\r') {
                i += text.startsWith("\n", i) ? 1 : 0;
                codePoint = '\n';
            }
            append(repaired, codePoint >= 0x80 && codePoint <= 0x9f ? windows1252(codePoint) : codePoint);
        }
        return repaired.toString();
    }

    /** Control characters from U+0080 on are really the characters that Windows has in their place, if it has one. */
    private static int windows1252(int codePoint) {
        char character = new String(new byte[] {(byte) codePoint}, WINDOWS_1252).charAt(0);
        return character == REPLACEMENT ? codePoint : character;
    }

    private static void append(StringBuilder repaired, int codePoint) {
        if (codePoint == '\u02bc' || codePoint >= '\u2018' && codePoint <= '\u201b') {
            repaired.append('\'');
        } else if (codePoint >= '\u201c' && codePoint <= '\u201f') {
            repaired.append('"');
        } else if (codePoint == '\u2028' || codePoint == '\u2029') {
            repaired.append('\n');
        } else if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
            repaired.append(REPLACEMENT);
        } else if (codePoint == '\u0149') {
            repaired.append("'n");
        } else if (codePoint == '\ufb05') {
            repaired.append("\u017ft"); // not "st": the long s stays
        } else if (isLigature(codePoint) || isWideOrNarrow(codePoint)) {
            repaired.append(Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKC));
        } else {
            repaired.appendCodePoint(codePoint);
        }
    }

    private static String dropCharacters(String text) {
        return text.codePoints().filter(codePoint -> !isDropped(codePoint))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }

    /** Two or three Latin letters in one character: the Dutch ij, the Croatian lj, nj, dz and dž, the ligatures of f and st. */
    private static boolean isLigature(int codePoint) {
        return codePoint == '\u0132' || codePoint == '\u0133'
                || codePoint >= '\u01c4' && codePoint <= '\u01cc'
                || codePoint >= '\u01f1' && codePoint <= '\u01f3'
                || codePoint >= '\ufb00' && codePoint <= '\ufb06';
    }

    private static boolean isWideOrNarrow(int codePoint) {
        return codePoint == '\u3000' || codePoint >= '\uff01' && codePoint <= '\uffef';
    }

    /** Control characters without a meaning in text, the byte order mark, and marks of interlinear notes and objects. */
    private static boolean isDropped(int codePoint) {
        boolean isLayout = codePoint == '\t' || codePoint == '\n' || codePoint == '\f';
        return codePoint < ' ' && !isLayout || codePoint == 0x7f
                || codePoint >= '\u206a' && codePoint <= '\u206f'
                || codePoint == '\ufeff'
                || codePoint >= '\ufff9' && codePoint <= '\ufffc';
    }
}
