package ai.modx.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected values are those of Python's ftfy.fix_text. */
class TextRepairTest {

    private static final TextRepair REPAIR = new TextRepair(HtmlEntities.load());

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "A dog's \"ball\", 5 < 6; #1 [2] ~", "two\nlines\tand a tab"})
    void plainTextIsNotEvenCopied(String plain) {
        assertThat(REPAIR.repair(plain)).isSameAs(plain);
    }

    @Test
    void curlyQuotesBecomeStraight() {
        assertThat(REPAIR.repair("a dog\u2019s \u201ccurly\u201d \u2018quotes\u2019 \u201a\u201b\u02bc\u201e\u201f"))
                .isEqualTo("a dog's \"curly\" 'quotes' '''\"\"");
        assertThat(REPAIR.repair("\u00ab\u2039\u2032\u2033")).isEqualTo("\u00ab\u2039\u2032\u2033");
    }

    @Test
    void ligaturesBecomeLetters() {
        assertThat(REPAIR.repair("\ufb01ne \ufb02our o\ufb03ce \ufb00 \ufb04 \ufb06")).isEqualTo("fine flour office ff ffl st");
        assertThat(REPAIR.repair("\ufb05 \u0149 \u0132\u0133")).isEqualTo("\u017ft 'n IJij");
        assertThat(REPAIR.repair("\u01c4\u01c5\u01c6\u01c7\u01cc\u01f1\u01f3")).isEqualTo("D\u017dD\u017ed\u017eLJnjDZdz");
        assertThat(REPAIR.repair("\u00e6 \u0153 \u00bd \u2460")).as("letters and signs of their own")
                .isEqualTo("\u00e6 \u0153 \u00bd \u2460");
    }

    @Test
    void lettersGetTheirUsualWidth() {
        assertThat(REPAIR.repair("\uff26\uff55\uff4c\uff4c\u3000\uff11\uff01")).isEqualTo("Full 1!");
        assertThat(REPAIR.repair("\uff76\uff9e\uff72\uff84\uff9e \uffe5")).isEqualTo("\u30ac\u30a4\u30c9 \u00a5");
    }

    @Test
    void lettersAndTheirAccentsAreComposed() {
        assertThat(REPAIR.repair("e\u0301 \u212b \u1112\u1161\u11ab")).isEqualTo("\u00e9 \u00c5 \ud55c");
    }

    @Test
    void lineBreaksBecomeNewlines() {
        assertThat(REPAIR.repair("a\r\nb\rc\n\rd\u2028e\u2029f")).isEqualTo("a\nb\nc\n\nd\ne\nf");
    }

    @Test
    void upperControlCharactersAreOnesOfWindows() {
        assertThat(REPAIR.repair("l\u0092a\u0085 \u0080\u0093x\u0094 \u0081")).isEqualTo("l'a\u2026 \u20ac\"x\" \u0081");
    }

    @Test
    void controlCharactersAreDropped() {
        assertThat(REPAIR.repair("\ufeffn\u0000u\u0007l\u000b \u001f\u007f\u206a\ufff9\ufffc")).isEqualTo("nul ");
        assertThat(REPAIR.repair("\t\f\u200b\u200d\u00ad\ufe0f\u00e9")).as("layout and joiners")
                .isEqualTo("\t\f\u200b\u200d\u00ad\ufe0f\u00e9");
    }

    @Test
    void terminalEscapesAreDropped() {
        assertThat(REPAIR.repair("\u001b[36;44mred\u001b[0m\u001b[K")).isEqualTo("red");
        assertThat(REPAIR.repair("Z\u001b[\ufb01")).as("a letter of a ligature ends it").isEqualTo("Zi");
        assertThat(REPAIR.repair("\u001b[?25l \u001b[1")).as("others lose the control character").isEqualTo("[?25l [1");
    }

    @Test
    void halvesOfCharactersAreReplaced() {
        assertThat(REPAIR.repair("\ud83d\ude00 \ud83d \ude00")).isEqualTo("\ud83d\ude00 \ufffd \ufffd");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "&lt;a&gt; &amp;amp;amp;ldquo;|<a> \"",
        "P&EACUTE;REZ &eacute; &AMP; &#146; &#x41;|P\u00c9REZ \u00e9 & ' A",
        "&FFILIG;|FFI",
        "&eacute &notit; &Amp; &; &#; &#65|&eacute &notit; &Amp; &; &#; &#65",
        "<b>&ldquo;|<b>&ldquo;",
        "\uff06ldquo\uff1b|\"",
    })
    void completeReferencesAreResolvedWhereThereAreNoTags(String escaped, String expected) {
        assertThat(REPAIR.repair(escaped)).isEqualTo(expected);
    }

    @Test
    void aTagEndsTheResolvingOfReferencesForTheLinesBelow() {
        assertThat(REPAIR.repair("&gt;\n<b>&gt;\n&gt;")).isEqualTo(">\n<b>&gt;\n&gt;");
    }

    @Test
    void onlyTheLineIsJudged() {
        String line = "caf\u00c3\u00a9 \u00c5\u00a1";
        assertThat(REPAIR.repair(line + "\n\u00e0")).isEqualTo("caf\u00e9 \u0161\n\u00e0");
        assertThat(REPAIR.repair(line + " \u00e0")).isEqualTo("caf\u00e9 \u00c5\u00a1 \u00e0");
    }

    @Test
    void longLinesAreRepairedInPieces() {
        String text = "e".repeat(1_000_000) + "\u0301";
        assertThat(REPAIR.repair(text).length()).as("the accent begins the second piece").isEqualTo(text.length());
        assertThat(REPAIR.repair(text.substring(1)).length()).isEqualTo(text.length() - 2);
    }
}
