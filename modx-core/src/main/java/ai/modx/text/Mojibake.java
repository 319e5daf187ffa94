package ai.modx.text;

import java.nio.charset.Charset;

/**
 * Restores UTF-8 that was read as Windows-1252 or Latin-1: {@code schÃ¶n} to {@code schön}, {@code donâ€™t} to
 * {@code don’t}; also what was misread so several times.
 *
 * <p>A character of two to four UTF-8 bytes becomes a <em>sequence</em> when it is misread: a letter from Â to ô and one to
 * three marks. Properly read text has such sequences, too ({@code CAFÉ”}), so they are replaced only with
 * {@link MojibakeEvidence evidence}. The evidence of a sequence counts for itself and those that touch it, and for the whole
 * text if nothing contradicts, that is, if every character beyond ASCII is part of a sequence.
 *
 * <p>Python's ftfy weighs more pairs of characters and knows more encodings: text that was misread as Mac Roman, code page
 * 437, ISO 8859-2 or another Windows code page than 1252 stays as it is here, and so do question marks in place of bytes.
 */
final class Mojibake {

    /** In place of a byte that has no character, in texts of programs that do not keep it as a control character. */
    static final char LOST = '\uFFFD';

    /** The characters of the bytes 0x80 to 0x9F. */
    private static final String HIGH_CHARACTERS = highCharacters();
    /** Text doubles in length each time that it is misread; the bound is for texts made to be decoded for hours. */
    private static final int MAX_TIMES = 8;
    /** The smallest code point that needs a sequence of this length: a shorter one is no UTF-8. */
    private static final int[] SMALLEST = {0, 0, 0x80, 0x800, 0x10000};

    /** The byte A0 is a no-break space, which often becomes a blank: the no-break space itself, à, Š, Π and Р end with it. */
    private static final int BYTE_A0 = 0xa0;
    private static final String BEFORE_A0 = "\u00c2\u00c3\u00c5\u00ce\u00d0";
    private static final String A_GRAVE = "\u00c3 ";
    private static final String NO_BREAK_SPACE = "\u00c2 ";

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
            evidence |= lengths[i] > 0 && hasEvidence(i);
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
            boolean misread = !contradiction;
            while (end < text.length() && lengths[end] > 0) {
                misread |= hasEvidence(end) && !hasLostByte(end, end + lengths[end]);
                end += lengths[end];
            }
            if (!misread || end == i) {
                end = Math.max(end, i + 1);
                decoded.append(text, i, end);
                i = end;
            }
            for (; i < end; i += lengths[i]) {
                appendCharacter(decoded, i, i + lengths[i]);
            }
        }
        return decoded.toString();
    }

    private void appendCharacter(StringBuilder decoded, int start, int end) {
        if (hasLostByte(start, end)) {
            decoded.append(LOST);
        } else {
            decoded.appendCodePoint(codePoint(start, end));
            if (text.startsWith(A_GRAVE, start) && !text.startsWith(" ", end)) {
                decoded.append(' '); // it stands for the blank between two words as well
            }
        }
    }

    private boolean hasEvidence(int start) {
        if (text.startsWith(A_GRAVE, start) || text.startsWith(NO_BREAK_SPACE, start)) {
            int before = start - (start > 0 && text.charAt(start - 1) == ' ' ? 2 : 1);
            return before < 0 || Character.isLowerCase(text.charAt(before));
        }
        return MojibakeEvidence.isIn(text, start, start + lengths[start]);
    }

    private int sequenceLength(int start) {
        char lead = text.charAt(start);
        int length = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        int end = start + length;
        if (length == 0 || end > text.length()) {
            return 0;
        }
        for (int i = start + 1; i < end; i++) {
            boolean isA0 = text.charAt(i) == ' ' && i + 1 == end && (BEFORE_A0.indexOf(lead) >= 0 || lead >= 0xe0 && lead <= 0xe3);
            int value = byteAt(i);
            if (!isA0 && text.charAt(i) != LOST && (value < 0x80 || value > 0xbf)) {
                return 0;
            }
        }
        int codePoint = codePoint(start, end);
        boolean valid = codePoint >= SMALLEST[length] && codePoint <= Character.MAX_CODE_POINT
                && (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE);
        return valid || hasLostByte(start, end) ? length : 0;
    }

    private boolean hasLostByte(int start, int end) {
        return text.substring(start, end).indexOf(LOST) >= 0;
    }

    /** The code point that the bytes of a sequence stand for, valid or not. */
    private int codePoint(int start, int end) {
        int codePoint = text.charAt(start) & 0xff >> end - start + 1;
        for (int i = start + 1; i < end; i++) {
            codePoint = codePoint << 6 | (text.charAt(i) == ' ' ? BYTE_A0 : byteAt(i)) & 0x3f;
        }
        return codePoint;
    }

    /** The byte that was read as this character; -1 if there is none. */
    private int byteAt(int index) {
        char character = text.charAt(index);
        int high = HIGH_CHARACTERS.indexOf(character);
        return character <= 0xff ? character : high < 0 ? -1 : 0x80 + high;
    }

    private static String highCharacters() {
        byte[] bytes = new byte[0x20];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (0x80 + i);
        }
        return new String(bytes, Charset.forName("windows-1252"));
    }
}
