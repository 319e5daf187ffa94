package ai.modx.data.image;

/** ITU-R BT.601 luma and colour differences to RGB, in JFIF's full range and libjpeg's 16-bit fixed-point arithmetic. */
final class YccToRgb {

    private static final int BITS = 16;
    private static final int HALF = 1 << (BITS - 1);

    private final int[] redOfCr = new int[256];
    private final int[] blueOfCb = new int[256];
    private final int[] greenOfCr = new int[256];
    private final int[] greenOfCb = new int[256];

    YccToRgb() {
        for (int i = 0; i < 256; i++) {
            int difference = i - 128;
            redOfCr[i] = (fixed(1.40200) * difference + HALF) >> BITS;
            blueOfCb[i] = (fixed(1.77200) * difference + HALF) >> BITS;
            greenOfCr[i] = -fixed(0.71414) * difference;
            greenOfCb[i] = -fixed(0.34414) * difference + HALF; // the rounding of the sum of both
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

    private static int fixed(double factor) {
        return (int) (factor * (1 << BITS) + 0.5);
    }

    private static byte clip(int value) {
        return (byte) Math.max(0, Math.min(255, value));
    }
}
