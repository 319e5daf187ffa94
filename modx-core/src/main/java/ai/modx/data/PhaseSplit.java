package ai.modx.data;

import java.util.Arrays;
import java.util.List;

/**
 * A data set cut into phases of nearly equal size, each of which continual training sees alone.
 *
 * @param phases   how many
 * @param shuffled cut a random order (the paper's words) instead of the order of the file (the released code)
 * @param seed     of that order
 */
public record PhaseSplit(int phases, boolean shuffled, long seed) {

    /** A contrastive loss needs a second pair. */
    private static final int SMALLEST_PHASE = 2;

    /**
     * The images of phases {@code start} to {@code end - 1}, counted from 0, as one data set.
     *
     * @throws DataException if there are fewer than two
     */
    public CaptionDataset slice(CaptionDataset data, int start, int end) {
        int from = boundary(data.size(), start);
        int to = boundary(data.size(), end);
        if (to - from < SMALLEST_PHASE) {
            throw new DataException("Phase " + (start + 1) + " of " + phases + " would have " + (to - from) + " of the " + data.size()
                    + " images of " + data.name() + ": training needs at least " + SMALLEST_PHASE + ". Use fewer phases or more data");
        }
        int[] order = new EpochOrder(seed, data.size(), shuffled).epoch(0);
        List<CaptionedImage> items = Arrays.stream(order, from, to).mapToObj(data.items()::get).toList();
        return new CaptionDataset(data.name(), items);
    }

    /** The original's {@code int(n / 5 * k)}, in the same floating-point arithmetic. */
    int boundary(int size, int phase) {
        return phase == phases ? size : (int) ((double) size / phases * phase);
    }
}
