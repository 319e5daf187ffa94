package ai.modx.report;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Where a value lies on an axis, and which values are written beside it.
 *
 * @param low         value at the beginning
 * @param high        value at the end, greater than that
 * @param logarithmic whether equal ratios have equal lengths
 * @param ticks       values to write, in the range
 */
record Scale(double low, double high, boolean logarithmic, List<Double> ticks) {

    private static final int INTERVALS = 5;

    /** From this ratio on the small values of a linear axis could not be told apart. */
    private static final double LOGARITHMIC_FROM = 30;

    private static final double SMALLEST_RATIO = 1e-5;

    /** Below so many decades there are ticks within each. */
    private static final double FEW_DECADES = 3;

    /**
     * For values of any size: logarithmic if none is negative and some are many times as large as others. Zero, and what is very much
     * smaller than the greatest, then lies at the beginning.
     *
     * @param values at least one, finite
     */
    static Scale ofRatios(double[] values) {
        double least = Arrays.stream(values).min().orElseThrow();
        double greatest = Arrays.stream(values).max().orElseThrow();
        double smallest = Math.max(Arrays.stream(values).filter(value -> value > 0).min().orElse(greatest), greatest * SMALLEST_RATIO);
        return least >= 0 && greatest > 0 && greatest / smallest >= LOGARITHMIC_FROM ? logarithmic(smallest / 1.15, greatest * 1.15)
                : rounded(least, greatest);
    }

    /** Linear, with an end at a tick on either side. */
    static Scale rounded(double least, double greatest) {
        double margin = greatest > least ? 0 : least == 0 ? 1 : Math.abs(least) * 0.1;
        double below = least == 0 ? 0 : margin;
        double step = step(greatest - least + below + margin);
        double low = Math.floor((least - below) / step) * step;
        double high = Math.ceil((greatest + margin) / step) * step;
        return new Scale(low, high, false, multiples(low, high, step));
    }

    /** Linear, from the first to the last value and no further. */
    static Scale exact(double least, double greatest) {
        double high = greatest > least ? greatest : least + 1;
        return new Scale(least, high, false, multiples(least, high, step(high - least)));
    }

    private static Scale logarithmic(double low, double high) {
        double decades = Math.log10(high / low);
        List<Integer> digits = decades < FEW_DECADES ? List.of(1, 2, 5) : List.of(1);
        int every = (int) Math.ceil(decades / (INTERVALS + 1));
        List<Double> ticks = IntStream.rangeClosed((int) Math.floor(Math.log10(low)), (int) Math.ceil(Math.log10(high)))
                .filter(exponent -> Math.floorMod(exponent, every) == 0).boxed()
                .flatMap(exponent -> digits.stream().map(digit -> Double.valueOf(digit + "e" + exponent)))
                .filter(tick -> tick >= low && tick <= high).toList();
        return new Scale(low, high, true, ticks);
    }

    /** 1, 2 or 5 times a power of ten, so that there are a few of them in a range. */
    private static double step(double range) {
        double power = Math.pow(10, Math.floor(Math.log10(range / INTERVALS)));
        return DoubleStream.of(1, 2, 5).map(digit -> digit * power).filter(step -> range / step <= INTERVALS).findFirst().orElse(10 * power);
    }

    private static List<Double> multiples(double low, double high, double step) {
        double slack = 1e-9 * step; // of the rounding of multiples
        return LongStream.rangeClosed((long) Math.ceil((low - slack) / step), (long) Math.floor((high + slack) / step))
                .mapToObj(multiple -> multiple * step).toList();
    }

    /** 0 at the beginning of the axis, 1 at its end. */
    double position(double value) {
        return logarithmic ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : (value - low) / (high - low);
    }
}
