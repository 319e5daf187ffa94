package ai.modx.text;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * CLIP's vocabulary as the tokenizers of other libraries read it.
 *
 * @param ids    number of every token, marks included, in order; bytes are written as {@link BytePairVocabulary} does
 * @param merges pairs of tokens with a blank between, in the order of their priority
 */
public record VocabularyText(Map<String, Integer> ids, List<String> merges) {

    /** Loads OpenAI's vocabulary. */
    public static VocabularyText load() {
        List<String> merges = BytePairVocabulary.mergeLines();
        Map<String, Integer> ids = new LinkedHashMap<>();
        BytePairVocabulary.writtenTokens(merges).forEach(token -> ids.put(token, ids.size()));
        ids.put(ClipTokenizer.START_TEXT, ClipTokenizer.START);
        ids.put(ClipTokenizer.END_TEXT, ClipTokenizer.END);
        return new VocabularyText(ids, merges);
    }
}
