package ai.modx.report;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * Values along an axis.
 *
 * @param name   for the legend
 * @param x      places in ascending order, finite
 * @param y      a value for each; one that is not finite is missing
 * @param colour number in the palette
 */
record Series(String name, double[] x, double[] y, int colour) {

    Series {
        x = x.clone();
        y = y.clone();
        if (x.length != y.length) {
            throw new IllegalArgumentException(x.length + " places have " + y.length + " values");
        }
    }

    Series named(String other, int itsColour) {
        return new Series(other, x, y, itsColour);
    }

    /** Those that are there. */
    DoubleStream values() {
        return Arrays.stream(y).filter(Double::isFinite);
    }

    boolean isEmpty() {
        return values().findAny().isEmpty();
    }
}
