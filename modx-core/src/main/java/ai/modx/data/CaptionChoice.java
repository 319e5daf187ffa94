package ai.modx.data;

/** Which of an image's captions an epoch uses. */
public enum CaptionChoice {

    /** Another one each epoch, as the original trains. */
    RANDOM {
        @Override
        public int choose(long seed, int epoch, int index, int count) {
            return SplitMix.of(PURPOSE, seed, epoch, index).below(count);
        }
    },

    /** Always the first one: for comparisons with other programs. */
    FIRST {
        @Override
        public int choose(long seed, int epoch, int index, int count) {
            return 0;
        }
    };

    /** Keeps these numbers apart from the order of the images. */
    private static final long PURPOSE = 'C';

    /**
     * The caption, uniform in [0, count), for an image of an epoch. Depends on the arguments only: the first number below
     * {@code count} of {@link SplitMix} keyed by ({@code 'C'}, seed, epoch, index).
     *
     * @param index of the image in the data set
     * @param count number of its captions
     */
    public abstract int choose(long seed, int epoch, int index, int count);
}
