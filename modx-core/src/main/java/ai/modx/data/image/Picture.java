package ai.modx.data.image;

/**
 * A decoded image in its own mode.
 *
 * @param width   columns
 * @param height  rows
 * @param mode    meaning of the samples
 * @param samples [height, width, mode.bytes()], row-major, without padding; may be longer
 * @param palette RGB triples, for {@link PixelMode#PALETTE} only; otherwise empty
 */
record Picture(int width, int height, PixelMode mode, byte[] samples, byte[] palette) {

    private static final byte[] NO_PALETTE = {};

    Picture {
        if (width < 1 || height < 1 || samples.length < (long) width * height * mode.bytes()) {
            throw new IllegalArgumentException(samples.length + " bytes are too few for " + width + " x " + height + " " + mode);
        }
    }

    Picture(int width, int height, PixelMode mode, byte[] samples) {
        this(width, height, mode, samples, NO_PALETTE);
    }
}
