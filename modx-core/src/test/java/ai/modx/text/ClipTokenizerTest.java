package ai.modx.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClipTokenizerTest {

    private static final ClipTokenizer TOKENIZER = ClipTokenizer.load();

    @Test
    void padsWithZerosAfterTheEndMark() {
        assertThat(TOKENIZER.tokenize("a dog", 6)).containsExactly(ClipTokenizer.START, 320, 1929, ClipTokenizer.END, 0, 0);
    }

    @Test
    void truncatesLongCaptionButKeepsEndToken() {
        assertThat(TOKENIZER.tokenize("a dog a dog a dog", 4)).containsExactly(ClipTokenizer.START, 320, 1929, ClipTokenizer.END);
    }

    @Test
    void emptyCaptionIsTheTwoMarks() {
        assertThat(TOKENIZER.tokenize("", 3)).containsExactly(ClipTokenizer.START, ClipTokenizer.END, 0);
        assertThat(TOKENIZER.tokenize(" \n", 2)).containsExactly(ClipTokenizer.START, ClipTokenizer.END);
    }

    @Test
    void refusesAContextWithoutRoomForTheMarks() {
        assertThatThrownBy(() -> TOKENIZER.tokenize("a", 1)).hasMessage("context length 1: the two marks alone need 2");
    }

    @Test
    void refusesToDecodeAnUnknownId() {
        assertThatThrownBy(() -> TOKENIZER.decode(49408)).hasMessage("token id 49408: CLIP's vocabulary has 0 to 49407");
        assertThatThrownBy(() -> TOKENIZER.decode(-1)).hasMessageStartingWith("token id -1:");
    }

    @Test
    void decodesMarksAndBrokenCharacters() {
        assertThat(TOKENIZER.decode(TOKENIZER.tokenize("a dog", 4))).isEqualTo("<|startoftext|>a dog <|endoftext|>");
        int[] accented = TOKENIZER.encode("\u0103\u20ac\ud83d\ude00"); // more than one token
        assertThat(TOKENIZER.decode(accented[0])).doesNotContain("</w>");
    }

    @Test
    void threadsShareOneInstance() {
        int[] alone = ClipTokenizer.load().encode("zebras' unicycling 123 \u00e9tudes");
        assertThat(IntStream.range(0, 2000).parallel().mapToObj(i -> TOKENIZER.encode("zebras' unicycling 123 \u00e9tudes")))
                .allSatisfy(ids -> assertThat(ids).containsExactly(alone));
    }

    @Test
    void stillEncodesAfterTheWordCacheIsFull() {
        ClipTokenizer tokenizer = ClipTokenizer.load();
        for (int i = 0; i < 70_000; i++) {
            tokenizer.encode("" + (char) ('\u4e00' + i % 20_000) + (char) ('a' + i / 20_000)); // all different
        }
        assertThat(tokenizer.encode("a dog")).containsExactly(320, 1929);
    }
}
