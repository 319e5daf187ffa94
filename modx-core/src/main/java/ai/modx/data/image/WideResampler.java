package ai.modx.data.image;

/**
 * Resizes 16-bit gray as Pillow does in its mode I;16: in double precision, rounded and clipped to 16 bits after each pass. Rare
 * enough to be plain.
 */
final class WideResampler {

    /**
     * @param in  [y.inSize, x.inSize] samples of two bytes, high byte first
     * @param out receives [y.length, x.length], clipped to 0..255 as by Pillow's conversion to RGB: mostly white
     */
    void resample(byte[] in, ResampleFilter filter, Span x, Span y, byte[] out) {
        AxisWeights across = AxisWeights.of(filter, x);
        AxisWeights down = AxisWeights.of(filter, y);
        double[] rows = new double[(down.end() - down.begin()) * x.length()];
        for (int row = down.begin(), target = 0; row < down.end(); row++) {
            for (int i = 0; i < x.length(); i++) {
                double sum = 0;
                for (int k = 0; k < across.count()[i]; k++) {
                    int at = 2 * (row * x.inSize() + across.first()[i] + k);
                    sum += ((in[at] & 0xff) << 8 | in[at + 1] & 0xff) * across.weights()[i * across.taps() + k];
                }
                rows[target++] = clip(sum);
            }
        }
        for (int i = 0, target = 0; i < y.length(); i++) {
            for (int column = 0; column < x.length(); column++) {
                double sum = 0;
                for (int k = 0; k < down.count()[i]; k++) {
                    int at = (down.first()[i] - down.begin() + k) * x.length() + column;
                    sum += rows[at] * down.weights()[i * down.taps() + k];
                }
                out[target++] = (byte) Math.min(255, clip(sum));
            }
        }
    }

    private static double clip(double value) {
        return Math.max(0, Math.min(65535, Math.floor(value + 0.5)));
    }
}
