package ai.modx.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every caption of the golden file, against what OpenAI's Python tokenizer gave. */
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
        int[] ids = TOKENIZER.encode(text);

        assertThat(TOKENIZER.clean(text)).isEqualTo(golden.get("cleaned").textValue());
        assertThat(ids).containsExactly(ints(golden.get("ids")));
        assertThat(TOKENIZER.decode(ids)).isEqualTo(golden.get("decoded").textValue());
        assertThat(TOKENIZER.tokenize(text, CONTEXT)).containsExactly(ints(golden.get("padded_truncate")));
        assertThat(ids.length + 2 > CONTEXT ? "error" : "ok").isEqualTo(golden.get("strict").textValue());
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
    }
}
