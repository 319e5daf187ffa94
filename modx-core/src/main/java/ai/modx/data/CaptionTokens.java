package ai.modx.data;

import ai.modx.text.ClipTokenizer;
import java.util.List;

/**
 * Which caption stands for an image in an epoch, as token ids.
 *
 * @param contextLength L, the number of ids
 */
public record CaptionTokens(ClipTokenizer tokenizer, int contextLength, CaptionChoice choice, long seed) {

    /** The ids, [L], of one of an image's captions; the choice hangs on nothing but seed, epoch and index. */
    int[] of(List<String> captions, int epoch, int index) {
        return tokenizer.tokenize(captions.get(choice.choose(seed, epoch, index, captions.size())), contextLength);
    }
}
