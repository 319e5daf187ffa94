package ai.modx.text;

/**
 * Whether a letter and the marks after it are more likely a misread character than writing: no language has a capital with a
 * superscript, or an accented small letter with a currency sign, while {@code É”} ends many a quotation.
 *
 * <p>The characters are those of Windows-1252. The choice follows what ftfy repairs, also where it takes a risk: {@code IRMÃ”}
 * becomes {@code IRMÔ}, since Ã ends few words and begins the sequences of most accented letters.
 */
final class MojibakeEvidence {

    /** Capitals that begin the sequences of the most frequent characters; these alone may follow: … ’ Œ Ž. */
    private static final String FREQUENT_LEADS = "\u00c2\u00c3\u00ce\u00d0";
    private static final String AFTER_FREQUENT_LEADS = "\u2026\u2019\u0152\u017d";
    /** Ò to Ö, Ù to Û, Þ, ß: letters of many words, and leads of characters that rarely come without better evidence. */
    private static final String WEAK_LEADS = "\u00d2\u00d3\u00d4\u00d5\u00d6\u00d9\u00da\u00db\u00de\u00df";

    /** Do not follow an accented letter: ƒ † ‡ ˆ ‰ ˜ ¤ ¦ ¨ ª ¬ ¯ ¸ º. */
    private static final String NEVER_AFTER_LETTER =
            "\u0192\u2020\u2021\u02c6\u2030\u02dc\u00a4\u00a6\u00a8\u00aa\u00ac\u00af\u00b8\u00ba";
    /** Do not follow an accented capital: § ° ± ² ³ µ ¶ ¹ ¼ ½ ¾. */
    private static final String NEVER_AFTER_CAPITAL = "\u00a7\u00b0\u00b1\u00b2\u00b3\u00b5\u00b6\u00b9\u00bc\u00bd\u00be";
    /** Do not follow an accented small letter: € ¢ £ ¥ Š Œ Ž Ÿ. */
    private static final String NEVER_AFTER_SMALL = "\u20ac\u00a2\u00a3\u00a5\u0160\u0152\u017d\u0178";
    /** Do not stand inside a word: ” ™ › ® ». */
    private static final String CLOSING = "\u201d\u2122\u203a\u00ae\u00bb";
    /** Neither stand inside a word nor follow one: € ‚ „ ‹ ‘ “ • ¡ ¢ £ ¥ © « ¿. */
    private static final String OPENING = "\u20ac\u201a\u201e\u2039\u2018\u201c\u2022\u00a1\u00a2\u00a3\u00a5\u00a9\u00ab\u00bf";

    private MojibakeEvidence() {}

    static boolean isIn(String text, int start, int end) {
        if (text.substring(start + 1, end).chars().anyMatch(mark -> mark == Mojibake.LOST || Character.isISOControl(mark))) {
            return true;
        }
        if (text.charAt(end - 1) == ' ') {
            return false;
        }
        return end - start == 2 ? isMisreadPair(text, start) : isMisreadGroup(text.substring(start, end));
    }

    private static boolean isMisreadGroup(String group) {
        char mark = group.charAt(1);
        char last = group.charAt(2);
        return contains(NEVER_AFTER_SMALL, mark)
                || group.chars().anyMatch(each -> contains(NEVER_AFTER_LETTER, (char) each))
                || (contains(OPENING, mark) || contains(CLOSING, mark)) && last > 0xff && Character.isLetter(last);
    }

    private static boolean isMisreadPair(String text, int start) {
        char lead = text.charAt(start);
        char mark = text.charAt(start + 1);
        if (contains(FREQUENT_LEADS, lead)) {
            return !contains(AFTER_FREQUENT_LEADS, mark);
        }
        if (contains(WEAK_LEADS, lead)) {
            return false;
        }
        boolean beforeLetter = start + 2 < text.length() && Character.isLetter(text.charAt(start + 2));
        boolean afterSmall = start > 0 && Character.isLowerCase(text.charAt(start - 1));
        return contains(NEVER_AFTER_LETTER, mark)
                || contains(NEVER_AFTER_CAPITAL, mark)
                || beforeLetter && contains(CLOSING, mark)
                || (beforeLetter || afterSmall) && contains(OPENING, mark);
    }

    private static boolean contains(String characters, char character) {
        return characters.indexOf(character) >= 0;
    }
}
