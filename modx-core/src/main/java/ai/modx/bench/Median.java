package ai.modx.bench;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** The middle of several measurements, which one disturbed measurement does not move. */
final class Median {

    private Median() {}

    /** @throws IllegalArgumentException if there is no value */
    static double of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("No value, no median");
        }
        double[] sorted = Arrays.stream(values).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Seconds that some work takes, after it was done once to warm up. */
    static double seconds(int times, Runnable work) {
        work.run();
        return of(DoubleStream.generate(() -> {
            long start = System.nanoTime();
            work.run();
            return (System.nanoTime() - start) * 1e-9;
        }).limit(times).toArray());
    }
}
