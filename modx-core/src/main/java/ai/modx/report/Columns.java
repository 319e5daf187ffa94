package ai.modx.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The numbers in lines of JSON by their keys; a number that a line lacks is NaN. */
final class Columns {

    private static final double[] NOTHING = {};

    private final Map<String, double[]> values = new LinkedHashMap<>();
    private int rows;

    /** Takes a line. */
    void add(JsonNode line) {
        line.fields().forEachRemaining(field -> {
            if (field.getValue().isNumber()) {
                double[] column = values.computeIfAbsent(field.getKey(), key -> NOTHING);
                if (column.length <= rows) {
                    int before = column.length;
                    column = Arrays.copyOf(column, Math.max(64, 2 * rows));
                    Arrays.fill(column, before, column.length, Double.NaN);
                    values.put(field.getKey(), column);
                }
                column[rows] = field.getValue().doubleValue();
            }
        });
        rows++;
    }

    int rows() {
        return rows;
    }

    /** In the order in which they came. */
    List<String> keys() {
        return List.copyOf(values.keySet());
    }

    /** A number for each line. */
    double[] of(String key) {
        double[] column = values.getOrDefault(key, NOTHING);
        double[] copy = Arrays.copyOf(column, rows);
        if (column.length < rows) {
            Arrays.fill(copy, column.length, rows, Double.NaN);
        }
        return copy;
    }
}
