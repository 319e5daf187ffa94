package ai.modx.data.image;

import java.util.List;

/**
 * Guesses the lowest coefficients that the scans of a progressive JPEG file have not brought, or not to the last bit, from the mean
 * values of the 5 x 5 blocks around: the block smoothing of libjpeg-turbo, after ITU-T T.81, K.8. Only files that lack scans need it.
 */
final class JpegSmoothing {

    /** Coefficients that are guessed, the first of the zigzag order, the mean included. */
    static final int GUESSED = 10;
    private static final int SIDE = 5;
    /** Of them those that are guessed where others are known. */
    private static final int GUESSED_BESIDE_OTHERS = 6;

    private static final int[] WAVE = {-1, -1, 0, 1, 1, -3, 13, 0, -13, 3, -3, 38, 0, -38, 3, -3, 13, 0, -13, 3, -1, -1, 0, 1, 1};
    private static final int[] SECOND_WAVE = {0, 0, 0, 0, 0, 0, 2, -5, 2, 0, 1, 7, -14, 7, 1, 0, 2, -5, 2, 0, 0, 0, 0, 0, 0};
    private static final int[] DIAGONAL = {-1, 0, 0, 0, 1, 0, 9, 0, -9, 0, 0, 0, 0, 0, 0, 0, -9, 0, 9, 0, 1, 0, 0, 0, -1};
    private static final int[] THIRD_WAVE = {0, 0, 0, 0, 0, 0, 1, 0, -1, 0, 0, 2, 0, -2, 0, 0, 1, 0, -1, 0, 0, 0, 0, 0, 0};
    private static final int[] MIXED_WAVE = {0, 0, 0, 0, 0, 0, 1, -3, 1, 0, 0, 0, 0, 0, 0, 0, -1, 3, -1, 0, 0, 0, 0, 0, 0};
    private static final int[] MEAN = {-2, -6, -8, -6, -2, -6, 6, 42, 6, -6, -8, 42, 152, 42, -8, -6, 6, 42, 6, -6, -2, -6, -8, -6, -2};
    /** Weights of the means around, in 256ths, by coefficient in zigzag order. */
    private static final int[][] ALONE = {MEAN, WAVE, turned(WAVE), turned(SECOND_WAVE), DIAGONAL, SECOND_WAVE, THIRD_WAVE, MIXED_WAVE,
        turned(MIXED_WAVE), turned(THIRD_WAVE)};

    private static final int[] KNOWN_WAVE = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -7, 50, 0, -50, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final int[] KNOWN_SECOND_WAVE = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 13, -24, 13, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final int[] KNOWN_DIAGONAL = {0, -1, 0, 1, 0, -1, 10, 0, -10, 1, 0, 0, 0, 0, 0, 1, -10, 0, 10, -1, 0, 1, 0, -1, 0};
    /** The same where some coefficients are known; the mean then is. */
    private static final int[][] BESIDE_OTHERS = {
        {}, KNOWN_WAVE, turned(KNOWN_WAVE), turned(KNOWN_SECOND_WAVE), KNOWN_DIAGONAL, KNOWN_SECOND_WAVE};

    private final BlockTransform transform;
    private final short[] block = new short[64];
    private final int[] means = new int[SIDE * SIDE];

    JpegSmoothing(BlockTransform transform) {
        this.transform = transform;
    }

    /** Whether it is of use for a progressive file whose scans were read: then it is done for all components. */
    static boolean isUseful(List<JpegComponent> components) {
        return components.stream().allMatch(component -> component.hasFactors(GUESSED) && component.bits()[0] >= 0)
                && components.stream().anyMatch(JpegSmoothing::isIncomplete);
    }

    private static boolean isIncomplete(JpegComponent component) {
        for (int k = 1; k < GUESSED; k++) {
            if (component.bits()[k] != 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Makes samples of a component.
     *
     * @param unitRows rows of units in the picture
     * @param complete rows of units for which the last scan had data
     * @param scans    of the file
     */
    void transform(JpegComponent component, int unitRows, int complete, int scans) {
        for (int unit = 0; unit < unitRows; unit++) {
            int[] bits = unit < complete ? component.bits() : component.bitsBefore(scans);
            int rows = Math.min(component.down(), component.blocksDown() - unit * component.down());
            for (int i = 0; i < rows; i++) {
                int row = unit * component.down() + i;
                // The last unit may have fewer rows, and libjpeg counts as if all had so many.
                int counted = unit * rows + i;
                int above = Math.min(2, counted);
                int below = Math.min(2, rows * unitRows - 1 - counted);
                for (int column = 0; column < component.blocksAcross(); column++) {
                    System.arraycopy(component.coefficients(), component.block(row, column), block, 0, block.length);
                    findMeans(component, row, column, above, below);
                    guess(bits, component.quantizer());
                    transform.transform(block, 0, component.quantizer(), component.samples(),
                            JpegComponent.SIDE * column, JpegComponent.SIDE * row);
                }
            }
        }
    }

    private void findMeans(JpegComponent component, int row, int column, int above, int below) {
        for (int y = 0; y < SIDE; y++) {
            int nearRow = row + Math.max(-above, Math.min(below, y - 2));
            for (int x = 0; x < SIDE; x++) {
                int nearColumn = Math.max(0, Math.min(component.blocksAcross() - 1, column + x - 2));
                means[SIDE * y + x] = component.coefficients()[component.block(nearRow, nearColumn)];
            }
        }
    }

    private void guess(int[] bits, short[] quantizer) {
        boolean alone = true;
        for (int k = 1; k < GUESSED; k++) {
            alone &= bits[k] < 0;
        }
        for (int k = 1; k < (alone ? GUESSED : GUESSED_BESIDE_OTHERS); k++) {
            int at = JpegTables.place(k);
            if (bits[k] != 0 && block[at] == 0) {
                int most = bits[k] > 0 ? (1 << bits[k]) - 1 : Integer.MAX_VALUE; // a larger one would have been brought
                block[at] = (short) estimate((alone ? ALONE : BESIDE_OTHERS)[k], quantizer, at, most);
            }
        }
        if (alone) {
            block[0] = (short) estimate(MEAN, quantizer, 0, Integer.MAX_VALUE);
        }
    }

    private int estimate(int[] weights, short[] quantizer, int at, int most) {
        long sum = 0;
        for (int i = 0; i < means.length; i++) {
            sum += weights[i] * means[i];
        }
        sum *= quantizer[0] & 0xffff;
        long factor = quantizer[at] & 0xffff;
        int size = (int) Math.min(most, ((factor << 7) + Math.abs(sum)) / (factor << 8));
        return sum < 0 ? -size : size;
    }

    private static int[] turned(int[] weights) {
        int[] turned = new int[weights.length];
        for (int i = 0; i < weights.length; i++) {
            turned[i] = weights[i % SIDE * SIDE + i / SIDE];
        }
        return turned;
    }
}
