package ai.modx.data.image;

/** Resizes by picking samples, for pictures whose samples are codes, not amounts. One byte a pixel. */
final class NearestSampler {

    /**
     * @param in  [y.inSize, x.inSize]
     * @param out receives [y.length, x.length]
     */
    void resample(byte[] in, Span x, Span y, byte[] out) {
        int[] columns = picks(x);
        int[] rows = picks(y);
        int target = 0;
        for (int row : rows) {
            for (int column : columns) {
                out[target++] = in[row * x.inSize() + column];
            }
        }
    }

    private static int[] picks(Span span) {
        int[] picks = new int[span.length()];
        double position = span.from() + 0.5 * span.scale();
        for (int i = 0; i < span.start() + span.length(); i++) {
            if (i >= span.start()) {
                picks[i - span.start()] = Math.min((int) position, span.inSize() - 1);
            }
            position += span.scale(); // summed up, not multiplied, with Pillow's rounding
        }
        return picks;
    }
}
