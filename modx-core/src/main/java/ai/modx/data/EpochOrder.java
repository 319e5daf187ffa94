package ai.modx.data;

import java.util.stream.IntStream;

/**
 * In which order an epoch visits the images. The order depends on the seed and the epoch only, never on threads or on
 * what was drawn before, so that a resumed run continues as the uninterrupted one.
 *
 * <p>Shuffled orders are Fisher-Yates permutations: for i = n-1 down to 1, positions i and j are swapped, where j is the
 * next number of {@link SplitMix} below i + 1, keyed by ({@code 'O'}, seed, epoch).
 *
 * @param seed     of the run
 * @param size     number of images n
 * @param shuffled false: 0 to n-1 in every epoch
 */
public record EpochOrder(long seed, int size, boolean shuffled) {

    /** Keeps these numbers apart from the choice of captions. */
    private static final long PURPOSE = 'O';

    public EpochOrder {
        if (size < 1) {
            throw new IllegalArgumentException("size " + size + ": an order needs at least one image");
        }
    }

    /** The indices 0 to n-1, each once, in the order of the epoch. */
    public int[] epoch(int epoch) {
        int[] order = IntStream.range(0, size).toArray();
        if (shuffled) {
            SplitMix random = SplitMix.of(PURPOSE, seed, epoch);
            for (int i = size - 1; i > 0; i--) {
                int j = random.below(i + 1);
                int swapped = order[i];
                order[i] = order[j];
                order[j] = swapped;
            }
        }
        return order;
    }
}
