package ai.modx.data.image;

/**
 * Resizes pictures of 8-bit samples as Pillow does: first along the rows, rounded to 8 bits, then along the columns, both in
 * fixed point. Only what the crop keeps is computed. The first pass mixes whole columns and the second one whole rows, so that
 * both are vectorised. Keeps its scratch memory, and so belongs to one thread.
 */
final class ColumnResampler {

    /** 32 bits less 8 of the sample and 2 for the overshoot of the weights. */
    private static final int BITS = 22;
    private static final int HALF = 1 << (BITS - 1);

    /** Output columns that are turned into rows together: memory is written in lines. */
    private static final int TOGETHER = 4;

    private int[][][] recent = {}; // input columns, [taps, bands, length]
    private int[][] vectors = {}; // those that are mixed
    private int[][] mixed = {}; // output columns, [TOGETHER * bands, length]
    private int[] sums = {};
    private int[][] rows = {}; // [input rows, output columns * bands], after the first pass

    /**
     * @param in  the resize's part of the picture
     * @param out receives [down.outputs, across.outputs, bands]
     */
    void resample(PixelColumns in, Resize resize, byte[] out) {
        AxisWeights across = resize.across();
        AxisWeights down = resize.down();
        int rowLength = across.outputs() * in.bands();
        rows = atLeast(rows, resize.part().height(), rowLength);
        vectors = new int[Math.max(across.taps(), down.taps())][];
        mixColumns(in, across, resize.part().height());
        if (sums.length < rowLength) {
            sums = new int[rowLength];
        }
        int[] weights = down.fixedPoint(BITS);
        for (int i = 0; i < down.outputs(); i++) {
            for (int k = 0; k < down.count()[i]; k++) {
                vectors[k] = rows[down.first()[i] - down.begin() + k];
            }
            mix(weights, i * down.taps(), down.count()[i], rowLength, sums);
            for (int j = 0; j < rowLength; j++) {
                out[i * rowLength + j] = (byte) sums[j];
            }
        }
    }

    private void mixColumns(PixelColumns in, AxisWeights across, int rowCount) {
        int[] positions = new int[rowCount];
        for (int row = 0; row < rowCount; row++) {
            positions[row] = in.position(row);
        }
        if (recent.length < across.taps() || recent[0].length < in.bands() || recent[0][0].length < in.length()) {
            recent = new int[across.taps()][in.bands()][in.length()];
        }
        int[] weights = across.fixedPoint(BITS);
        mixed = atLeast(mixed, TOGETHER * in.bands(), in.length());
        int filled = 0;
        int next = 0;
        for (int i = 0; i < across.outputs(); i++) {
            int first = across.first()[i] - across.begin();
            int count = across.count()[i];
            for (; next < first + count; next++) {
                in.read(next, recent[next % recent.length]);
            }
            for (int band = 0; band < in.bands(); band++) {
                for (int k = 0; k < count; k++) {
                    vectors[k] = recent[(first + k) % recent.length][band];
                }
                mix(weights, i * across.taps(), count, in.length(), mixed[filled++]);
            }
            if (filled == TOGETHER * in.bands() || i == across.outputs() - 1) {
                turn(mixed, filled, positions, rows, (i + 1) * in.bands() - filled);
                filled = 0;
            }
        }
    }

    /** Writes a weighted sum of the first vectors, rounded and clipped to 8 bits. */
    private void mix(int[] weights, int at, int count, int length, int[] sums) {
        int k;
        if (count >= 4) {
            start(vectors[0], vectors[1], vectors[2], vectors[3], weights[at], weights[at + 1], weights[at + 2], weights[at + 3], length, sums);
            k = 4;
        } else {
            start(vectors[0], weights[at], length, sums);
            k = 1;
        }
        for (; k + 4 <= count; k += 4) {
            add(vectors[k], vectors[k + 1], vectors[k + 2], vectors[k + 3],
                    weights[at + k], weights[at + k + 1], weights[at + k + 2], weights[at + k + 3], length, sums);
        }
        for (; k < count; k++) {
            add(vectors[k], weights[at + k], length, sums);
        }
        clip(sums, length);
    }

    private static void start(int[] a, int weight, int length, int[] to) {
        for (int j = 0; j < length; j++) {
            to[j] = HALF + a[j] * weight;
        }
    }

    private static void start(int[] a, int[] b, int[] c, int[] d, int wa, int wb, int wc, int wd, int length, int[] to) {
        for (int j = 0; j < length; j++) {
            to[j] = HALF + a[j] * wa + b[j] * wb + c[j] * wc + d[j] * wd;
        }
    }

    private static void add(int[] a, int weight, int length, int[] to) {
        for (int j = 0; j < length; j++) {
            to[j] += a[j] * weight;
        }
    }

    private static void add(int[] a, int[] b, int[] c, int[] d, int wa, int wb, int wc, int wd, int length, int[] to) {
        for (int j = 0; j < length; j++) {
            to[j] += a[j] * wa + b[j] * wb + c[j] * wc + d[j] * wd;
        }
    }

    private static void clip(int[] sums, int length) {
        for (int j = 0; j < length; j++) {
            sums[j] = Clipping.toByte(sums[j] >> BITS);
        }
    }

    /** Columns to rows. */
    private static void turn(int[][] from, int count, int[] positions, int[][] to, int at) {
        int i = 0;
        for (; i + 4 <= count; i += 4) {
            turn(from[i], from[i + 1], from[i + 2], from[i + 3], positions, to, at + i);
        }
        for (; i < count; i++) {
            turn(from[i], positions, to, at + i);
        }
    }

    private static void turn(int[] a, int[] b, int[] c, int[] d, int[] positions, int[][] to, int at) {
        for (int row = 0; row < positions.length; row++) {
            int position = positions[row];
            int[] line = to[row];
            line[at] = a[position];
            line[at + 1] = b[position];
            line[at + 2] = c[position];
            line[at + 3] = d[position];
        }
    }

    private static void turn(int[] from, int[] positions, int[][] to, int at) {
        for (int row = 0; row < positions.length; row++) {
            to[row][at] = from[positions[row]];
        }
    }

    private static int[][] atLeast(int[][] arrays, int count, int length) {
        return arrays.length >= count && arrays[0].length >= length ? arrays : new int[count][length];
    }
}
