package ai.modx.data.image;

import java.util.Arrays;

/**
 * The inverse discrete cosine transform of 8 x 8 blocks, in the integer arithmetic of libjpeg's {@code JDCT_ISLOW}: after
 * Loeffler, Ligtenberg and Moschytz (1989), constants of 13 bits, columns first, which keep 2 bits more than the result. The
 * order of the sums before a rounding does not matter, so the odd part is written as the 4 x 4 matrix that it is.
 *
 * <p>Transforms many blocks at once: every step is a loop over all of them, which the compiler vectorises. Keeps its memory, and
 * so belongs to one thread.
 */
final class InverseDct {

    static final int BITS = 13;
    static final int EXTRA = 2;
    static final int FIRST = BITS - EXTRA;
    static final int SECOND = BITS + EXTRA + 3;
    /** Half a unit, for rounding. */
    private static final int FIRST_BIAS = 1 << (FIRST - 1);
    /** The same, and 128, by which samples are shifted. */
    private static final int SECOND_BIAS = (1 << (SECOND - 1)) + (128 << SECOND);

    static final int C0_298 = fixed(0.298631336);
    static final int C0_390 = fixed(0.390180644);
    static final int C0_541 = fixed(0.541196100);
    static final int C0_765 = fixed(0.765366865);
    static final int C0_899 = fixed(0.899976223);
    static final int C1_175 = fixed(1.175875602);
    static final int C1_501 = fixed(1.501321110);
    static final int C1_847 = fixed(1.847759065);
    static final int C1_961 = fixed(1.961570560);
    static final int C2_053 = fixed(2.053119869);
    static final int C2_562 = fixed(2.562915447);
    static final int C3_072 = fixed(3.072711026);

    /**
     * Sums of the magnitudes of a column up to which no step needs more than 16 bits, to which libjpeg-turbo's vector code
     * confines it. The coefficients of real pictures, whose squares sum up to no more than 1024^2, are always below.
     */
    private static final int LARGEST_SUM = 2900;

    private int capacity;
    private final int[][] blocks = new int[64][0];
    private final int[][] even = new int[4][0];
    private final int[][] odd = new int[4][0];

    /** Makes room for so many blocks, whose coefficients are 0. */
    void reset(int count) {
        if (count > capacity) {
            capacity = count;
            for (int[][] arrays : new int[][][] {blocks, even, odd}) {
                for (int i = 0; i < arrays.length; i++) {
                    arrays[i] = new int[count];
                }
            }
        }
        for (int[] of : blocks) {
            Arrays.fill(of, 0, count, 0);
        }
    }

    /** [64, block]: coefficients, row-major, and after the transform samples. */
    int[][] blocks() {
        return blocks;
    }

    /** Whether the coefficients of the first blocks are small enough for this arithmetic; only damaged files have others. */
    boolean fits(int count) {
        for (int column = 0; column < 8; column++) {
            for (int i = 0; i < count; i++) {
                int sum = 0;
                for (int row = 0; row < 8; row++) {
                    sum += Math.min(LARGEST_SUM + 1, Math.abs(blocks[8 * row + column][i]));
                }
                if (sum > LARGEST_SUM) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Replaces the coefficients of the first blocks by samples. */
    void transform(int count) {
        for (int i = 0; i < 8; i++) {
            butterflies(i, 8, FIRST_BIAS, count);
            for (int k = 0; k < 4; k++) {
                descale(even[k], odd[k], count, blocks[8 * k + i], blocks[8 * (7 - k) + i]);
            }
        }
        for (int i = 0; i < 8; i++) {
            butterflies(8 * i, 1, SECOND_BIAS, count);
            for (int k = 0; k < 4; k++) {
                clip(even[k], odd[k], count, blocks[8 * i + k], blocks[8 * i + 7 - k]);
            }
        }
    }

    /** The even and odd halves of the transform of eight coefficients. */
    private void butterflies(int first, int step, int bias, int count) {
        int[] x0 = blocks[first];
        int[] x1 = blocks[first + step];
        int[] x2 = blocks[first + 2 * step];
        int[] x3 = blocks[first + 3 * step];
        int[] x4 = blocks[first + 4 * step];
        int[] x5 = blocks[first + 5 * step];
        int[] x6 = blocks[first + 6 * step];
        int[] x7 = blocks[first + 7 * step];
        even(x0, x4, x2, x6, C0_541 + C0_765, C0_541, bias, count, even[0], even[3]);
        evenOfDifference(x0, x4, x2, x6, C0_541, C0_541 - C1_847, bias, count, even[1], even[2]);
        mix(x1, x3, x5, x7, C1_175 - C0_899 - C0_390 + C1_501, C1_175, C1_175 - C0_390, C1_175 - C0_899, count, odd[0]);
        mix(x1, x3, x5, x7, C1_175, C1_175 - C2_562 - C1_961 + C3_072, C1_175 - C2_562, C1_175 - C1_961, count, odd[1]);
        mix(x1, x3, x5, x7, C1_175 - C0_390, C1_175 - C2_562, C1_175 - C2_562 - C0_390 + C2_053, C1_175, count, odd[2]);
        mix(x1, x3, x5, x7, C1_175 - C0_899, C1_175 - C1_961, C1_175, C1_175 - C0_899 - C1_961 + C0_298, count, odd[3]);
    }

    private static void even(int[] x0, int[] x4, int[] x2, int[] x6, int w2, int w6, int bias, int count, int[] outer, int[] inner) {
        for (int i = 0; i < count; i++) {
            int sum = (x0[i] + x4[i] << BITS) + bias;
            int turned = x2[i] * w2 + x6[i] * w6;
            outer[i] = sum + turned;
            inner[i] = sum - turned;
        }
    }

    private static void evenOfDifference(int[] x0, int[] x4, int[] x2, int[] x6, int w2, int w6, int bias, int count, int[] outer, int[] inner) {
        for (int i = 0; i < count; i++) {
            int difference = (x0[i] - x4[i] << BITS) + bias;
            int turned = x2[i] * w2 + x6[i] * w6;
            outer[i] = difference + turned;
            inner[i] = difference - turned;
        }
    }

    private static void mix(int[] x1, int[] x3, int[] x5, int[] x7, int w1, int w3, int w5, int w7, int count, int[] to) {
        for (int i = 0; i < count; i++) {
            to[i] = x1[i] * w1 + x3[i] * w3 + x5[i] * w5 + x7[i] * w7;
        }
    }

    private static void descale(int[] even, int[] odd, int count, int[] upper, int[] lower) {
        for (int i = 0; i < count; i++) {
            upper[i] = even[i] + odd[i] >> FIRST;
            lower[i] = even[i] - odd[i] >> FIRST;
        }
    }

    private static void clip(int[] even, int[] odd, int count, int[] left, int[] right) {
        for (int i = 0; i < count; i++) {
            left[i] = Clipping.toByte(even[i] + odd[i] >> SECOND);
            right[i] = Clipping.toByte(even[i] - odd[i] >> SECOND);
        }
    }

    private static int fixed(double factor) {
        return (int) (factor * (1 << BITS) + 0.5);
    }
}
