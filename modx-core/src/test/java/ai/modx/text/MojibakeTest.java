package ai.modx.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MojibakeTest {

    private static final String[] TEXTS = {
        "na\u00efve caf\u00e9, 20 \u00b0C, 5 \u20ac", "sch\u00f6ne Gr\u00fc\u00dfe",
        "a \u2013 b \u2014 \u201cc\u201d \u2018d\u2019 \u2026", "\u00c7a va\u00a0?",
        "\u0142\u00f3d\u017a i \u017c\u00f3\u0142w",
        "\u043f\u0440\u0438\u0432\u0435\u0442", "\u03ba\u03b1\u03bb\u03b7\u03bc\u03ad\u03c1\u03b1",
        "\u72ac\u304c\u8d70\u308b", "\ud55c\uad6d\uc5b4", "a smile \ud83d\ude00",
    };

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void undoesMisreading(int times) {
        for (String text : TEXTS) {
            String asWindows = text;
            String asLatin = text;
            for (int i = 0; i < times; i++) {
                asWindows = asWindows(asWindows);
                asLatin = new String(asLatin.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            }
            assertThat(Mojibake.repair(asWindows)).isEqualTo(text);
            assertThat(Mojibake.repair(asLatin)).isEqualTo(text);
        }
    }

    /** As browsers do: bytes that stand for nothing become control characters. */
    private static String asWindows(String text) {
        StringBuilder misread = new StringBuilder();
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            String character = new String(new byte[] {value}, Charset.forName("windows-1252"));
            misread.append(character.equals("\ufffd") ? String.valueOf((char) (value & 0xff)) : character);
        }
        return misread.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "CAF\u00c9\u201d", "IRM\u00c3", "\u00c9\u2013", "IL Y MARQU\u00c9\u2026",
        "MINHA IRM\u00c3 FOI", "\u201eFR\u00d6\u201c \u00bbM\u00d6\u00ab",
        "voil\u00e0\u00a0\u00bb", "\u00ab\u00e9\u201d\u2026", "FIANC\u00c9\u2122", "Z\u00d6\u00ae",
        "20 \u00b0C \u00bd \u00a3", "\u00e5\u00e4\u00f6 \u00c5\u00c4\u00d6",
        "\u72ac \u03ba \u043f \ud83d\ude00", "\u00c3", "\u00f0\u0178", "\u00c0\u00a9 \u00e0\u0178\u00bf \u00f5\u00bf\u00bf\u00bf",
    })
    void leavesProperTextAlone(String text) {
        assertThat(Mojibake.repair(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(ignoreLeadingAndTrailingWhitespace = false, value = {
        "\u00c3 Paris,\u00e0 Paris",
        "voil\u00c3  toi,voil\u00e0 toi",
        "l'\u00c3\u00a9t\u00c3\u00a9 \u00c3  Paris,l'\u00e9t\u00e9 \u00e0 Paris",
        "20\u00c2\u00a0km,20\u00a0km",
        "5 km\u00c2 away,5 km\u00a0away",
        "CITT\u00c3  BELLA,CITT\u00c3  BELLA",
    })
    void restoresByteA0FromABlank(String garbled, String expected) {
        assertThat(Mojibake.repair(garbled)).isEqualTo(expected);
    }

    @Test
    void evidenceCountsForTheWholeTextUnlessSomethingContradicts() {
        assertThat(Mojibake.repair("\u00c5\u00a1 \u00c3\u00a9")).isEqualTo("\u0161 \u00e9");
        assertThat(Mojibake.repair("\u00c5\u00a1 \u00c3\u00a9 \u201cx\u201d")).isEqualTo("\u00c5\u00a1 \u00e9 \u201cx\u201d");
        assertThat(Mojibake.repair("\u00c5\u00a1\u00c3\u00a9 \u201cx\u201d")).as("sequences that touch")
                .isEqualTo("\u0161\u00e9 \u201cx\u201d");
    }

    @Test
    void aLostByteLosesTheCharacter() {
        assertThat(Mojibake.repair("\u00e2\u20ac\u0153x\u00e2\u20ac\ufffd")).isEqualTo("\u201cx\ufffd");
    }
}
