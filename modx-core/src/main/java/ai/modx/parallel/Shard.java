package ai.modx.parallel;

import ai.modx.data.Batch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A run of consecutive pairs of a batch: the share of one replica, or the chunk of it that is computed at once.
 *
 * @param images uint8 (size, side, side, 3), direct
 * @param tokens int32 (size, length), row after row
 */
record Shard(int size, int side, int length, ByteBuffer images, int[] tokens) {

    /** Token columns are kept in multiples of this, so that few different shapes occur. */
    private static final int LENGTH_STEP = 8;

    /**
     * A whole batch.
     *
     * @param shortTexts leave out the columns behind the longest caption's end
     */
    static Shard of(Batch batch, boolean shortTexts) {
        int context = batch.tokens().length / batch.size();
        int length = shortTexts ? Math.min(context, roundUp(longest(batch.tokens(), context))) : context;
        int[] tokens = new int[batch.size() * length];
        for (int row = 0; row < batch.size(); row++) {
            System.arraycopy(batch.tokens(), row * context, tokens, row * length, length);
        }
        ByteBuffer images = batch.images();
        return new Shard(batch.size(), (int) Math.sqrt(images.remaining() / batch.size() / 3), length, images, tokens);
    }

    /** Splits into at most {@code parts} shards, whose sizes differ by at most one. */
    List<Shard> split(int parts) {
        int count = Math.min(parts, size);
        List<Shard> shards = new ArrayList<>();
        int begin = 0;
        for (int part = 0; part < count; part++) {
            int end = begin + size / count + (part < size % count ? 1 : 0);
            shards.add(rows(begin, end));
            begin = end;
        }
        return shards;
    }

    private Shard rows(int begin, int end) {
        int imageBytes = side * side * 3;
        return new Shard(end - begin, side, length, images.slice(begin * imageBytes, (end - begin) * imageBytes),
                Arrays.copyOfRange(tokens, begin * length, end * length));
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
