package ai.modx.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every caption of the golden file, against what OpenAI's Python tokenizer gave with ftfy, which repairs texts first. */
class TokenizerGoldenTest {

    private static final JsonNode GOLDEN = Golden.json("tokenizer.json");
    private static final ClipTokenizer TOKENIZER = ClipTokenizer.load();
    private static final int CONTEXT = GOLDEN.get("context_length").intValue();

    static Stream<JsonNode> cases() {
        return StreamSupport.stream(GOLDEN.get("cases").spliterator(), false);
    }

    @Test
    void marksAndSizeAreOpenAis() {
        assertThat(ClipTokenizer.START).isEqualTo(GOLDEN.get("start").intValue());
        assertThat(ClipTokenizer.END).isEqualTo(GOLDEN.get("end").intValue());
        assertThat(ClipTokenizer.VOCABULARY_SIZE).isEqualTo(GOLDEN.get("vocab_size").intValue());
        assertThat(BytePairVocabulary.load().size()).isEqualTo(ClipTokenizer.START);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void matchesPython(JsonNode golden) {
        String text = golden.get("text").textValue();
        // The file names what ftfy makes of a text only where that is another text.
        boolean repaired = golden.has("with_ftfy");
        JsonNode expected = repaired ? golden.get("with_ftfy") : golden;
        int[] ids = TOKENIZER.encode(text);

        assertThat(TOKENIZER.clean(text)).isEqualTo(expected.get("cleaned").textValue());
        assertThat(ids).containsExactly(ints(expected.get("ids")));
        assertThat(TOKENIZER.tokenize(text, CONTEXT)).containsExactly(ints(expected.get("padded_truncate")));
        assertThat(ids.length + 2 > CONTEXT ? "error" : "ok").isEqualTo(golden.get("strict").textValue());
        if (repaired) {
            assertThat(TOKENIZER.decode(ids)).isEqualToIgnoringWhitespace(expected.get("cleaned").textValue());
        } else {
            assertThat(TOKENIZER.decode(ids)).isEqualTo(golden.get("decoded").textValue());
        }
    }

    @Test
    void goldenFileHasTextsToRepair() {
        assertThat(cases().filter(golden -> golden.has("with_ftfy"))).hasSizeGreaterThanOrEqualTo(18);
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
    }
}
