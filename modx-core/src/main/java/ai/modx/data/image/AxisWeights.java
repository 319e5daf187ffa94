package ai.modx.data.image;

/**
 * Which input samples each output sample of one axis is mixed from, and how; the arithmetic is Pillow's. Output sample i is the
 * sum over k below {@code count[i]} of {@code weights[i * taps + k]} times input sample {@code first[i] + k}.
 *
 * @param first   first input sample of each output sample
 * @param count   number of input samples of each output sample
 * @param weights [outputs, taps]; each row sums to 1
 * @param taps    row length
 */
record AxisWeights(int[] first, int[] count, double[] weights, int taps) {

    static AxisWeights of(ResampleFilter filter, Span span) {
        double stretch = Math.max(1, span.scale());
        double inverse = 1 / stretch; // Pillow multiplies by it; dividing would differ in the last bit
        double radius = filter.radius() * stretch;
        int taps = Math.min((int) Math.ceil(radius) * 2 + 1, span.inSize());
        AxisWeights axis = new AxisWeights(new int[span.length()], new int[span.length()],
                new double[span.length() * taps], taps);
        for (int i = 0; i < span.length(); i++) {
            double centre = span.from() + (span.start() + i + 0.5) * span.scale();
            int first = Math.max(0, (int) (centre - radius + 0.5));
            int count = Math.min(span.inSize(), (int) (centre + radius + 0.5)) - first;
            axis.first[i] = first;
            axis.count[i] = count;
            double sum = 0;
            for (int k = 0; k < count; k++) {
                double weight = filter.weight((first + k - centre + 0.5) * inverse);
                axis.weights[i * taps + k] = weight;
                sum += weight;
            }
            for (int k = 0; k < count && sum != 0; k++) {
                axis.weights[i * taps + k] /= sum;
            }
        }
        return axis;
    }

    /** The weights times 2^bits, rounded half away from zero; [outputs, taps]. */
    int[] fixedPoint(int bits) {
        int[] fixed = new int[weights.length];
        for (int i = 0; i < fixed.length; i++) {
            double scaled = weights[i] * (1 << bits);
            fixed[i] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
        }
        return fixed;
    }

    int outputs() {
        return first.length;
    }

    /** The first input sample that is used. */
    int begin() {
        return first[0];
    }

    /** One behind the last input sample that is used. */
    int end() {
        return first[outputs() - 1] + count[outputs() - 1];
    }
}
