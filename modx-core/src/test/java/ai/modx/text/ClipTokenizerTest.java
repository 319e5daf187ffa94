package ai.modx.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

    /** Against OpenAI's way: passes over the whole word, each of which merges one pair of tokens wherever it occurs. */
    @Test
    void mergesLikePassesOverTheWholeWord() {
        BytePairVocabulary vocabulary = BytePairVocabulary.load();
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            int letters = 1 + random.nextInt(i % 4 == 0 ? 2 : 26);
            String word = random.ints(1 + random.nextInt(60), 'a', 'a' + letters).collect(StringBuilder::new, StringBuilder::appendCodePoint,
                    StringBuilder::append).toString();
            assertThat(vocabulary.encode(word)).as(word).containsExactly(encodeInPasses(vocabulary, word));
        }
    }

    private static int[] encodeInPasses(BytePairVocabulary vocabulary, String word) {
        List<Integer> ids = Arrays.stream(vocabulary.singleBytes(word.getBytes(StandardCharsets.UTF_8))).boxed().collect(Collectors.toList());
        while (true) {
            int best = IntStream.range(0, ids.size() - 1).map(i -> vocabulary.merged(ids.get(i), ids.get(i + 1))).min().orElse(Integer.MAX_VALUE);
            if (best == Integer.MAX_VALUE) {
                return ids.stream().mapToInt(Integer::intValue).toArray();
            }
            for (int i = 0; i + 1 < ids.size(); i++) {
                if (vocabulary.merged(ids.get(i), ids.get(i + 1)) == best) {
                    ids.set(i, best);
                    ids.remove(i + 1);
                }
            }
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void captionsMadeToTakeHoursAreEncodedAtOnce() {
        Random random = new Random(1);
        StringBuilder word = new StringBuilder();
        random.ints(500_000, 'a', 'z' + 1).forEach(word::appendCodePoint);
        assertThat(TOKENIZER.tokenize(word.toString(), 77)).startsWith(ClipTokenizer.START).endsWith(ClipTokenizer.END).doesNotContain(0);
        assertThat(TOKENIZER.encode("a" + " ".repeat(1_000_000) + "dog")).containsExactly(320, 1929);
        assertThat(TOKENIZER.encode("&".repeat(1_000_000))).isNotEmpty();
        assertThat(TOKENIZER.encode("&" + "amp;".repeat(250_000))).isNotEmpty();
        assertThat(TOKENIZER.encode("\u00c3" + "\u0083".repeat(500_000))).isNotEmpty();
        assertThat(TOKENIZER.encode("\u00c3\ufffd".repeat(500_000))).isNotEmpty();
        assertThat(TOKENIZER.encode("\u001b[1".repeat(300_000))).isNotEmpty();
        assertThat(TOKENIZER.encode("\u0130".repeat(500_000))).isNotEmpty();
        assertThat(TOKENIZER.encode("\u0130a")).containsExactly(TOKENIZER.encode("\u0130a".toLowerCase(Locale.ROOT)));
    }
}
