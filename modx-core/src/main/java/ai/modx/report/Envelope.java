package ai.modx.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A long series as a chart can show it: for each of a number of columns the mean of its values, and the least and the greatest of
 * them, so that a single spike among a thousand values stays visible.
 *
 * @param columns from left to right, without those that no point lies in
 */
record Envelope(List<Column> columns) {

    /**
     * What lies in one column.
     *
     * @param x    mean place of its points
     * @param low  least value; like the others no number if none of the points has a value
     * @param mean of the values
     * @param high greatest value
     */
    record Column(double x, double low, double mean, double high) {

        boolean isEmpty() {
            return Double.isNaN(mean);
        }
    }

    /**
     * Divides the range of x evenly.
     *
     * @param x     finite
     * @param y     a value for each x; what is not finite is a value that is missing
     * @param from  left end of the chart
     * @param to    right end
     * @param count of columns at most
     */
    static Envelope of(double[] x, double[] y, double from, double to, int count) {
        Sum[] sums = new Sum[count];
        for (int i = 0; i < x.length; i++) {
            int column = to > from ? (int) Math.min(count - 1, (x[i] - from) / (to - from) * count) : 0;
            if (sums[column] == null) {
                sums[column] = new Sum();
            }
            sums[column].add(x[i], y[i]);
        }
        List<Column> columns = new ArrayList<>();
        for (Sum sum : sums) {
            if (sum != null) {
                columns.add(sum.column());
            }
        }
        return new Envelope(List.copyOf(columns));
    }

    /** Of one column. */
    private static final class Sum {

        private double places;
        private int points;
        private double values;
        private int finite;
        private double low = Double.POSITIVE_INFINITY;
        private double high = Double.NEGATIVE_INFINITY;

        void add(double x, double y) {
            places += x;
            points++;
            if (Double.isFinite(y)) {
                values += y;
                finite++;
                low = Math.min(low, y);
                high = Math.max(high, y);
            }
        }

        Column column() {
            return finite == 0 ? new Column(places / points, Double.NaN, Double.NaN, Double.NaN)
                    : new Column(places / points, low, values / finite, high);
        }
    }
}
