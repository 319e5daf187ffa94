package ai.modx.data.image;

import java.util.function.IntUnaryOperator;

/**
 * The samples of one component of a JPEG file, apart or among those of the others.
 *
 * @param array  holds them
 * @param first  where the first one stands
 * @param step   from a sample to the next one of its row
 * @param width  samples of a row
 * @param height rows
 */
record JpegSamples(byte[] array, int first, int step, int width, int height) {

    /** Samples that stand apart. */
    static JpegSamples apart(int width, int height) {
        return new JpegSamples(new byte[width * height], 0, 1, width, height);
    }

    int at(int x, int y) {
        return first + (y * width + x) * step;
    }

    /**
     * Enlarges them as libjpeg-turbo does: twice the width, height or both by interpolation ("fancy upsampling": 3/4 of the nearer
     * sample and 1/4 of the farther one along each axis), by other factors, and where there are few columns, by repetition.
     *
     * @param across columns that become of one
     * @param down   rows that become of one
     * @param to     receives them, as far as there is room
     */
    void enlarge(int across, int down, JpegSamples to) {
        boolean upright = across == 1 && down == 2;
        boolean lying = across == 2 && down <= 2 && width > 2;
        int[] line = new int[width];
        for (int y = 0; y < to.height; y++) {
            int near = y / down;
            if (lying && down == 2 || upright) {
                int far = Math.max(0, Math.min(height - 1, near - 1 + 2 * (y & 1)));
                for (int x = 0; x < width; x++) {
                    line[x] = 3 * sample(x, near) + sample(x, far);
                }
            } else {
                for (int x = 0; x < width; x++) {
                    line[x] = sample(x, near);
                }
            }
            int odd = y & 1;
            if (lying) {
                widen(line, down == 2 ? 8 : 1, down == 2 ? -1 : 1, 2 * down, to, y);
            } else {
                to.fill(y, upright ? x -> line[x] + 1 + odd >> 2 : x -> line[x / across]);
            }
        }
    }

    private int sample(int x, int y) {
        return array[at(x, y)] & 0xff;
    }

    /**
     * Twice as many columns.
     *
     * @param bias  of even columns, for rounding
     * @param more  by how much that of odd ones is larger: halves are rounded up and down in turn
     * @param shift binary digits of the weights' sum
     */
    private void widen(int[] line, int bias, int more, int shift, JpegSamples to, int y) {
        to.fill(y, x -> {
            int near = x / 2;
            int odd = x & 1;
            int far = Math.max(0, Math.min(width - 1, near - 1 + 2 * odd));
            return 3 * line[near] + line[far] + bias + odd * more >> shift;
        });
    }

    private void fill(int y, IntUnaryOperator sample) {
        for (int x = 0, at = at(0, y); x < width; x++, at += step) {
            array[at] = (byte) sample.applyAsInt(x);
        }
    }
}
