package ai.modx.eval;

import ai.modx.text.ClipTokenizer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/** Captions as token ids, in batches of similar length so that little is computed on padding. */
final class CaptionBatches implements Iterator<CaptionBatches.TokenBatch> {

    /** Token columns are kept in multiples of this, so that few different shapes occur. */
    private static final int LENGTH_STEP = 8;

    /**
     * Some of the captions.
     *
     * @param indices [B], which captions
     * @param tokens  int32 (B, L), row after row
     * @param length  L
     */
    record TokenBatch(int[] indices, int[] tokens, int length) {}

    /** One row per caption, as long as the caption with its marks. */
    private final int[][] captions;
    private final int contextLength;
    private final EncoderSettings settings;
    private final int[] byLength;
    private int next;

    CaptionBatches(List<String> texts, ClipTokenizer tokenizer, int contextLength, EncoderSettings settings) {
        this.captions = texts.stream().map(text -> withoutPadding(tokenizer.tokenize(text, contextLength))).toArray(int[][]::new);
        this.contextLength = contextLength;
        this.settings = settings;
        this.byLength = IntStream.range(0, captions.length).boxed()
                .sorted(Comparator.comparingInt(caption -> captions[caption].length)).mapToInt(Integer::intValue).toArray();
    }

    @Override
    public boolean hasNext() {
        return next < byLength.length;
    }

    @Override
    public TokenBatch next() {
        int[] indices = Arrays.copyOfRange(byLength, next, Math.min(next + settings.batchSize(), byLength.length));
        next += indices.length;
        int length = settings.shortTexts() ? roundUp(captions[indices[indices.length - 1]].length) : contextLength;
        int[] tokens = new int[indices.length * length];
        for (int row = 0; row < indices.length; row++) {
            int[] caption = captions[indices[row]];
            System.arraycopy(caption, 0, tokens, row * length, caption.length);
        }
        return new TokenBatch(indices, tokens, length);
    }

    private int roundUp(int length) {
        return Math.min(contextLength, (length + LENGTH_STEP - 1) / LENGTH_STEP * LENGTH_STEP);
    }

    private static int[] withoutPadding(int[] tokens) {
        int length = tokens.length;
        while (tokens[length - 1] == 0) {
            length--;
        }
        return Arrays.copyOf(tokens, length);
    }
}
