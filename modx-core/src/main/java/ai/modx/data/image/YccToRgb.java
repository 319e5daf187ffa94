package ai.modx.data.image;

/** ITU-R BT.601 luma and colour differences to RGB, in JFIF's full range and libjpeg's 16-bit fixed-point arithmetic. */
final class YccToRgb {

    private static final int BITS = 16;
    private static final int HALF = 1 << (BITS - 1);
    private static final int RED_OF_CR = fixed(1.40200);
    private static final int BLUE_OF_CB = fixed(1.77200);
    private static final int GREEN_OF_CR = fixed(0.71414);
    private static final int GREEN_OF_CB = fixed(0.34414);

    private final int[] redOfCr = new int[256];
    private final int[] blueOfCb = new int[256];
    private final int[] greenOfCr = new int[256];
    private final int[] greenOfCb = new int[256];

    YccToRgb() {
        for (int i = 0; i < 256; i++) {
            int difference = i - 128;
            redOfCr[i] = (RED_OF_CR * difference + HALF) >> BITS;
            blueOfCb[i] = (BLUE_OF_CB * difference + HALF) >> BITS;
            greenOfCr[i] = -GREEN_OF_CR * difference;
            greenOfCb[i] = -GREEN_OF_CB * difference + HALF; // the rounding of the sum of both
        }
    }

    /**
     * Replaces the first three samples of every pixel.
     *
     * @param samples [pixels, stride]
     * @param stride  samples of a pixel, at least 3
     */
    void convert(byte[] samples, int pixels, int stride) {
        for (int i = 0, end = pixels * stride; i < end; i += stride) {
            int y = samples[i] & 0xff;
            int cb = samples[i + 1] & 0xff;
            int cr = samples[i + 2] & 0xff;
            samples[i] = clip(y + redOfCr[cr]);
            samples[i + 1] = clip(y + (greenOfCb[cb] + greenOfCr[cr] >> BITS));
            samples[i + 2] = clip(y + blueOfCb[cb]);
        }
    }

    /**
     * The red of samples that are stored apart; without tables, which would keep the loop from being vectorised.
     *
     * @param cr differences, -128..127
     */
    static void red(int[] luma, int[] cr, int count, int[] red) {
        for (int i = 0; i < count; i++) {
            red[i] = Clipping.toByte(luma[i] + (RED_OF_CR * cr[i] + HALF >> BITS));
        }
    }

    /** The green of samples that are stored apart; see above. */
    static void green(int[] luma, int[] cb, int[] cr, int count, int[] green) {
        for (int i = 0; i < count; i++) {
            green[i] = Clipping.toByte(luma[i] + (HALF - GREEN_OF_CB * cb[i] - GREEN_OF_CR * cr[i] >> BITS));
        }
    }

    /** The blue of samples that are stored apart; see above. */
    static void blue(int[] luma, int[] cb, int count, int[] blue) {
        for (int i = 0; i < count; i++) {
            blue[i] = Clipping.toByte(luma[i] + (BLUE_OF_CB * cb[i] + HALF >> BITS));
        }
    }

    private static int fixed(double factor) {
        return (int) (factor * (1 << BITS) + 0.5);
    }

    private static byte clip(int value) {
        return (byte) Math.max(0, Math.min(255, value));
    }
}
