package ai.modx.eval;

import java.util.Arrays;

/** How many angles lie in which range, and their mean. */
final class AngleHistogram {

    private final AngleBins bins;
    private final long[] counts;
    private double sum;

    AngleHistogram(AngleBins bins) {
        this.bins = bins;
        this.counts = new long[bins.count()];
    }

    void add(double degrees) {
        counts[bins.of(degrees)]++;
        sum += degrees;
    }

    AngleBins bins() {
        return bins;
    }

    long count() {
        return Arrays.stream(counts).sum();
    }

    /** Per cent of the angles in each range; NaN if there are none. */
    double[] shares() {
        long all = count();
        return Arrays.stream(counts).mapToDouble(count -> 100.0 * count / all).toArray();
    }

    /** In degrees; NaN if there are none. */
    double mean() {
        return sum / count();
    }
}
