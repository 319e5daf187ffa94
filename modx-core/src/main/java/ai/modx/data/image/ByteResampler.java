package ai.modx.data.image;

import java.util.Arrays;

/**
 * Resizes pictures of 8-bit samples as Pillow does: first along the rows, rounded to 8 bits, then along the columns, both in
 * fixed point. Only what the crop keeps is computed. Keeps its scratch memory, and so belongs to one thread.
 */
final class ByteResampler {

    /** 32 bits less 8 of the sample and 2 for the overshoot of the weights. */
    private static final int BITS = 22;
    private static final int HALF = 1 << (BITS - 1);

    /** The rows after the first pass; ints, so that the second pass can be vectorised. */
    private int[] rows = {};
    private int[] sums = {};

    /**
     * @param in    [x.inSize, y.inSize] pixels, row-major
     * @param bands samples of a pixel
     * @param out   receives [y.length, x.length, bands]
     */
    void resample(byte[] in, int bands, ResampleFilter filter, Span x, Span y, byte[] out) {
        AxisWeights across = AxisWeights.of(filter, x);
        AxisWeights down = AxisWeights.of(filter, y);
        int rowLength = x.length() * bands;
        int rowCount = down.end() - down.begin();
        if (rows.length < rowCount * rowLength) {
            rows = new int[rowCount * rowLength];
        }
        if (sums.length < rowLength) {
            sums = new int[rowLength];
        }
        int[] acrossWeights = across.fixedPoint(BITS);
        for (int row = 0; row < rowCount; row++) {
            int start = (down.begin() + row) * x.inSize() * bands;
            if (bands == 3) {
                resizeRowOfThree(in, start, across, acrossWeights, row * rowLength);
            } else {
                resizeRow(in, start, bands, across, acrossWeights, row * rowLength);
            }
        }
        mixRows(down, down.fixedPoint(BITS), rowLength, out);
    }

    private void resizeRow(byte[] in, int start, int bands, AxisWeights across, int[] weights, int target) {
        for (int i = 0; i < across.outputs(); i++) {
            int source = start + across.first()[i] * bands;
            for (int band = 0; band < bands; band++) {
                int sum = HALF;
                for (int k = 0; k < across.count()[i]; k++) {
                    sum += (in[source + k * bands + band] & 0xff) * weights[i * across.taps() + k];
                }
                rows[target++] = clip(sum);
            }
        }
    }

    /** The same for the usual case, RGB, which is worth its own loop: each weight is loaded once. */
    private void resizeRowOfThree(byte[] in, int start, AxisWeights across, int[] weights, int target) {
        int[] first = across.first();
        int[] count = across.count();
        for (int i = 0; i < first.length; i++) {
            int source = start + first[i] * 3;
            int weight = i * across.taps();
            int red = HALF;
            int green = HALF;
            int blue = HALF;
            for (int end = source + count[i] * 3; source < end; source += 3) {
                int w = weights[weight++];
                red += (in[source] & 0xff) * w;
                green += (in[source + 1] & 0xff) * w;
                blue += (in[source + 2] & 0xff) * w;
            }
            rows[target] = clip(red);
            rows[target + 1] = clip(green);
            rows[target + 2] = clip(blue);
            target += 3;
        }
    }

    private void mixRows(AxisWeights down, int[] weights, int rowLength, byte[] out) {
        for (int i = 0; i < down.outputs(); i++) {
            Arrays.fill(sums, 0, rowLength, HALF);
            for (int k = 0; k < down.count()[i]; k++) {
                addRow((down.first()[i] - down.begin() + k) * rowLength, weights[i * down.taps() + k], rowLength);
            }
            for (int j = 0; j < rowLength; j++) {
                out[i * rowLength + j] = (byte) clip(sums[j]);
            }
        }
    }

    private void addRow(int start, int weight, int length) {
        int[] from = rows;
        int[] to = sums;
        for (int j = 0; j < length; j++) {
            to[j] += from[start + j] * weight;
        }
    }

    private static int clip(int sum) {
        return Math.max(0, Math.min(255, sum >> BITS));
    }
}
