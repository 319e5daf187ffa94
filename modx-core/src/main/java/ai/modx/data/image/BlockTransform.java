package ai.modx.data.image;

import static ai.modx.data.image.InverseDct.BITS;
import static ai.modx.data.image.InverseDct.C0_298;
import static ai.modx.data.image.InverseDct.C0_390;
import static ai.modx.data.image.InverseDct.C0_541;
import static ai.modx.data.image.InverseDct.C0_765;
import static ai.modx.data.image.InverseDct.C0_899;
import static ai.modx.data.image.InverseDct.C1_175;
import static ai.modx.data.image.InverseDct.C1_501;
import static ai.modx.data.image.InverseDct.C1_847;
import static ai.modx.data.image.InverseDct.C1_961;
import static ai.modx.data.image.InverseDct.C2_053;
import static ai.modx.data.image.InverseDct.C2_562;
import static ai.modx.data.image.InverseDct.C3_072;
import static ai.modx.data.image.InverseDct.EXTRA;
import static ai.modx.data.image.InverseDct.FIRST;
import static ai.modx.data.image.InverseDct.SECOND;

/**
 * The inverse discrete cosine transform of one block, of coefficients of any size: {@link InverseDct}'s arithmetic, except that
 * values are 16 bits wide between its steps, as in the vector code of libjpeg-turbo on x86, whose sums wrap round and whose
 * results are clipped. Only damaged files show the difference.
 */
final class BlockTransform {

    private static final int SIDE = 8;

    private final short[] values = new short[SIDE * SIDE];
    private final short[] line = new short[SIDE];

    /**
     * Transforms a block.
     *
     * @param coefficients row-major, 64 from {@code at} on
     * @param quantizer    [64], row-major, factors of 16 bits
     * @param samples      receives the block, as far as it lies within
     * @param left         column of its first sample
     * @param top          row of its first sample
     */
    void transform(short[] coefficients, int at, short[] quantizer, JpegSamples samples, int left, int top) {
        int others = 0; // bits of all coefficients but those of the first row
        for (int i = 0; i < values.length; i++) {
            values[i] = (short) (coefficients[at + i] * quantizer[i]);
            others |= i < SIDE ? 0 : coefficients[at + i];
        }
        for (int column = 0; column < SIDE; column++) {
            if (others == 0) {
                short all = (short) (values[column] << EXTRA); // a shortcut there, which does not clip
                for (int row = 0; row < SIDE; row++) {
                    values[SIDE * row + column] = all;
                }
            } else {
                transform(values, column, SIDE, FIRST);
            }
        }
        int columns = Math.min(SIDE, samples.width() - left);
        for (int row = 0; row < Math.min(SIDE, samples.height() - top); row++) {
            transform(values, SIDE * row, 1, SECOND);
            int to = samples.at(left, top + row);
            for (int column = 0; column < columns; column++, to += samples.step()) {
                samples.array()[to] = (byte) (Math.max(-128, Math.min(127, values[SIDE * row + column])) + 128);
            }
        }
    }

    /** Replaces eight values by their transform. */
    private void transform(short[] values, int first, int step, int shift) {
        for (int i = 0; i < SIDE; i++) {
            line[i] = values[first + i * step];
        }
        int bias = 1 << (shift - 1);
        int sum = ((short) (line[0] + line[4]) << BITS) + bias;
        int difference = ((short) (line[0] - line[4]) << BITS) + bias;
        int outer = line[2] * (C0_541 + C0_765) + line[6] * C0_541;
        int inner = line[2] * C0_541 + line[6] * (C0_541 - C1_847);
        short z3 = (short) (line[7] + line[3]);
        short z4 = (short) (line[5] + line[1]);
        int turned3 = z3 * (C1_175 - C1_961) + z4 * C1_175;
        int turned4 = z3 * C1_175 + z4 * (C1_175 - C0_390);
        put(values, first, step, 0, sum + outer, line[1] * (C1_501 - C0_899) - line[7] * C0_899 + turned4, shift);
        put(values, first, step, 1, difference + inner, line[3] * (C3_072 - C2_562) - line[5] * C2_562 + turned3, shift);
        put(values, first, step, 2, difference - inner, line[5] * (C2_053 - C2_562) - line[3] * C2_562 + turned4, shift);
        put(values, first, step, 3, sum - outer, line[7] * (C0_298 - C0_899) - line[1] * C0_899 + turned3, shift);
    }

    private static void put(short[] values, int first, int step, int place, int even, int odd, int shift) {
        values[first + place * step] = clip(even + odd >> shift);
        values[first + (SIDE - 1 - place) * step] = clip(even - odd >> shift);
    }

    private static short clip(int value) {
        return (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, value));
    }
}
