package ai.modx.parallel;

import ai.modx.data.Batch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of consecutive pairs of a batch: what one replica works on.
 *
 * @param images uint8 (size, side, side, 3), direct
 * @param tokens int32 (size, length), row after row
 */
record Shard(int size, int side, int length, ByteBuffer images, int[] tokens) {

    /** Token columns are kept in multiples of this, so that few different shapes occur. */
    private static final int LENGTH_STEP = 8;

    /**
     * Splits a batch into at most {@code parts} shards, whose sizes differ by at most one.
     *
     * @param shortTexts leave out the columns behind the longest caption's end
     */
    static List<Shard> split(Batch batch, int parts, boolean shortTexts) {
        int context = batch.tokens().length / batch.size();
        int length = shortTexts ? Math.min(context, roundUp(longest(batch.tokens(), context))) : context;
        int count = Math.min(parts, batch.size());
        List<Shard> shards = new ArrayList<>();
        int begin = 0;
        for (int part = 0; part < count; part++) {
            int end = begin + batch.size() / count + (part < batch.size() % count ? 1 : 0);
            shards.add(rows(batch, begin, end, length));
            begin = end;
        }
        return shards;
    }

    private static Shard rows(Batch batch, int begin, int end, int length) {
        int imageBytes = batch.images().remaining() / batch.size();
        ByteBuffer images = batch.images().slice(begin * imageBytes, (end - begin) * imageBytes);
        int[] tokens = new int[(end - begin) * length];
        int context = batch.tokens().length / batch.size();
        for (int row = begin; row < end; row++) {
            System.arraycopy(batch.tokens(), row * context, tokens, (row - begin) * length, length);
        }
        return new Shard(end - begin, (int) Math.sqrt(imageBytes / 3), length, images, tokens);
    }

    /** The largest number of columns that any row fills: ids of 0 at its end are padding. */
    private static int longest(int[] tokens, int context) {
        int longest = 1;
        for (int begin = 0; begin < tokens.length; begin += context) {
            int length = context;
            while (length > longest && tokens[begin + length - 1] == 0) {
                length--;
            }
            longest = Math.max(longest, length);
        }
        return longest;
    }

    private static int roundUp(int length) {
        return (length + LENGTH_STEP - 1) / LENGTH_STEP * LENGTH_STEP;
    }
}
