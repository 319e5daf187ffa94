package ai.modx.text;

import java.nio.charset.Charset;

/**
 * Restores UTF-8 that was read as Windows-1252 or Latin-1: {@code schÃ¶n} to {@code schön}, {@code donâ€™t} to
 * {@code don’t}; also what went wrong that way several times.
 *
 * <p>A character of two or more UTF-8 bytes leaves a <em>sequence</em> when it is misread: a letter from Â to ô and one to
 * three marks. Rightly read text has such sequences, too ({@code CAFÉ”}), so a sequence is replaced only with evidence:
 * it holds a pair that writing does not have, as a capital and a superscript or a currency sign between letters. Its
 * evidence counts for the sequences that touch it, and for all of the line if nothing in the line contradicts, that is, if
 * every character beyond ASCII is part of a sequence.
 *
 * <p>Python's ftfy weighs far more pairs, and knows nine more encodings (Mac Roman, Windows-1250, ...); text that was
 * misread as one of those stays as it is here.
 */
final class Mojibake {

    /** The Windows-1252 characters of the bytes 0x80 to 0x9F; U+FFFD for the five that have none. */
    private static final String HIGH_CHARACTERS = new String(bytes(0x80, 0xa0), Charset.forName("windows-1252"));
    private static final char LOST = '\uFFFD';
    /** Text doubles in length each time that it is misread; the bound is for texts made to be decoded for hours. */
    private static final int MAX_TIMES = 8;
    /** The smallest code point that needs a sequence of this length: a shorter one is no UTF-8. */
    private static final int[] SMALLEST = {0, 0, 0x80, 0x800, 0x10000};

    /** Capitals that begin the sequences of the most frequent characters, and what may nevertheless follow them. */
    private static final String FREQUENT_LEADS = "\u00c2\u00c3\u00ce\u00d0";
    private static final String AFTER_FREQUENT_LEADS = "\u2026\u2019\u0152\u017d";
    /** Capitals of German, Nordic and Romance words whose sequences are of scripts that leave better evidence. */
    private static final String WEAK_LEADS = "\u00d2\u00d3\u00d4\u00d5\u00d6\u00d9\u00da\u00db\u00de\u00df";
    /** Do not follow an accented letter: ƒ † ‡ ˆ ‰ ˜ ¤ ¦ ¨ ª ¬ ¯ ¸ º. */
    private static final String NEVER_AFTER_LETTER =
            "\u0192\u2020\u2021\u02c6\u2030\u02dc\u00a4\u00a6\u00a8\u00aa\u00ac\u00af\u00b8\u00ba";
    /** Do not follow an accented capital: § ° ± ² ³ µ ¶ ¹ ¼ ½ ¾. */
    private static final String NEVER_AFTER_CAPITAL = "\u00a7\u00b0\u00b1\u00b2\u00b3\u00b5\u00b6\u00b9\u00bc\u00bd\u00be";
    /** Do not follow an accented small letter: € ¢ £ ¥ Š Œ Ž Ÿ. */
    private static final String NEVER_AFTER_SMALL = "\u20ac\u00a2\u00a3\u00a5\u0160\u0152\u017d\u0178";
    /** Do not stand between letters: ” ™ › ® ». */
    private static final String CLOSING = "\u201d\u2122\u203a\u00ae\u00bb";
    /** Neither stand between letters nor after a small letter and a capital: € ‚ „ ‹ ‘ “ • ¡ ¢ £ ¥ © « ¿. */
    private static final String OPENING = "\u20ac\u201a\u201e\u2039\u2018\u201c\u2022\u00a1\u00a2\u00a3\u00a5\u00a9\u00ab\u00bf";

    private final String text;
    /** For each place the length of the sequence that begins there; 0 elsewhere. */
    private final int[] lengths;
    private boolean evidence;
    private boolean contradiction;

    private Mojibake(String text) {
        this.text = text;
        lengths = new int[text.length()];
        for (int i = 0; i < text.length(); i += Math.max(1, lengths[i])) {
            lengths[i] = sequenceLength(i);
            contradiction |= lengths[i] == 0 && text.charAt(i) >= 0x80;
            evidence |= lengths[i] > 0 && isEvidence(i);
        }
    }

    /** Decodes as often as there is evidence. */
    static String repair(String text) {
        String before = null;
        String after = text;
        for (int times = 0; times < MAX_TIMES && !after.equals(before); times++) {
            before = after;
            after = new Mojibake(before).decoded();
        }
        return after;
    }

    private String decoded() {
        if (!evidence) {
            return text;
        }
        StringBuilder decoded = new StringBuilder();
        for (int i = 0; i < text.length(); ) {
            int end = i;
            boolean counts = !contradiction;
            while (end < text.length() && lengths[end] > 0) {
                counts |= isEvidence(end) && !hasLostByte(end);
                end += lengths[end];
            }
            if (end == i) {
                decoded.append(text.charAt(i++));
            }
            for (; i < end; i += lengths[i]) {
                appendSequence(decoded, i, counts);
            }
        }
        return decoded.toString();
    }

    private void appendSequence(StringBuilder decoded, int start, boolean counts) {
        int end = start + lengths[start];
        if (!counts) {
            decoded.append(text, start, end);
        } else if (hasLostByte(start)) {
            decoded.append(LOST);
        } else if (isWithBlank(start)) {
            // No blank is lost where only one of two was a part of the letter.
            boolean isWordEnd = text.charAt(start) == '\u00c3' && !text.startsWith(" ", end);
            decoded.append((char) (text.charAt(start) == '\u00c3' ? '\u00e0' : '\u00a0')).append(isWordEnd ? " " : "");
        } else {
            decoded.appendCodePoint(codePoint(start, end));
        }
    }

    private int sequenceLength(int start) {
        int lead = text.charAt(start);
        int length = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        int end = start + length;
        if (length == 0 || end > text.length()) {
            return 0;
        }
        if (isWithBlank(start)) {
            return length;
        }
        for (int i = start + 1; i < end; i++) {
            char mark = text.charAt(i);
            if (mark != LOST && (byteOf(mark) < 0x80 || byteOf(mark) >= 0xc0)) {
                return 0;
            }
        }
        int codePoint = codePoint(start, end);
        boolean valid = codePoint >= SMALLEST[length] && codePoint <= Character.MAX_CODE_POINT
                && (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE);
        return valid || text.substring(start, end).indexOf(LOST) > 0 ? length : 0;
    }

    /** Whether a byte of the sequence was replaced, for want of a character, so that only U+FFFD can be restored. */
    private boolean hasLostByte(int start) {
        return text.substring(start, start + lengths[start]).indexOf(LOST) > 0;
    }

    /** An à or a no-break space whose second byte, which is itself a no-break space, has become a plain blank. */
    private boolean isWithBlank(int start) {
        return (text.charAt(start) == '\u00c3' || text.charAt(start) == '\u00c2') && text.startsWith(" ", start + 1);
    }

    private boolean isEvidence(int start) {
        int end = start + lengths[start];
        if (isWithBlank(start)) {
            int before = start - (start > 0 && text.charAt(start - 1) == ' ' ? 2 : 1);
            return before < 0 || Character.isLowerCase(text.charAt(before));
        }
        boolean followsLetter = false;
        for (int i = start + 1; i < end; i++) {
            char mark = text.charAt(i);
            if (mark == LOST || Character.isISOControl(mark)) {
                return true;
            }
            followsLetter |= isIn(NEVER_AFTER_LETTER, mark);
        }
        char lead = text.charAt(start);
        char mark = text.charAt(start + 1);
        if (end > start + 2) {
            return followsLetter || isIn(NEVER_AFTER_SMALL, mark);
        }
        if (isIn(FREQUENT_LEADS, lead)) {
            return !isIn(AFTER_FREQUENT_LEADS, mark);
        }
        if (isIn(WEAK_LEADS, lead)) {
            return false;
        }
        boolean beforeLetter = end < text.length() && Character.isLetter(text.charAt(end));
        boolean afterSmall = start > 0 && Character.isLowerCase(text.charAt(start - 1));
        return followsLetter || isIn(NEVER_AFTER_CAPITAL, mark)
                || beforeLetter && isIn(CLOSING, mark)
                || (beforeLetter || afterSmall) && isIn(OPENING, mark);
    }

    /** The code point that the bytes of a sequence stand for, valid or not. */
    private int codePoint(int start, int end) {
        int codePoint = text.charAt(start) & 0xff >> end - start + 1;
        for (int i = start + 1; i < end; i++) {
            codePoint = codePoint << 6 | byteOf(text.charAt(i)) & 0x3f;
        }
        return codePoint;
    }

    /** The byte that was read as this character; -1 if there is none. */
    private static int byteOf(char character) {
        int high = HIGH_CHARACTERS.indexOf(character);
        return character <= 0xff ? character : high < 0 ? -1 : 0x80 + high;
    }

    private static boolean isIn(String characters, char character) {
        return characters.indexOf(character) >= 0;
    }

    private static byte[] bytes(int from, int to) {
        byte[] bytes = new byte[to - from];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (from + i);
        }
        return bytes;
    }
}
