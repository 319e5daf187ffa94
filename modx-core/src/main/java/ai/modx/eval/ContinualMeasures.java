package ai.modx.eval;

import ai.modx.eval.ResultsMatrix.Column;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Average, forgetting and backward transfer of a run in phases, by one recall R. Row 0 is the model before the first phase,
 * row n the one after the last.
 *
 * <p>The literature defines them for a matrix R[i][j], the accuracy on task j after training on task i, where task j is
 * learned in row j. Here a column is a data set that is evaluated in all rows. An old data set is a task that was learned
 * before row 0, so that its own row is 0. New data arrives in parts: no row is its own, and what has been learned of it
 * grows from phase to phase. Hence:
 *
 * <ul>
 *   <li>average of a row: mean over all columns; in row n the ACC of Lopez-Paz and Ranzato (2017, Gradient Episodic Memory);
 *   <li>backward transfer of an old column: R[n] - R[0] (the same); negative if it got worse. Not defined for new data;
 *   <li>forgetting of a column: max over i &lt; n of R[i], minus R[n] (Chaudhry et al. 2018, Riemannian Walk); negative
 *       if the last row is the best. For new data: what later phases lost of earlier ones. Only old columns enter the mean.
 * </ul>
 *
 * @param averages         one for each row
 * @param forgetting       of all columns; empty if there is but one row
 * @param backwardTransfer of old columns; empty if there is but one row
 */
public record ContinualMeasures(List<Double> averages, Measure forgetting, Measure backwardTransfer) {

    /** What a reader of a table needs to know. */
    public static final String EXPLANATION = "forgetting: best earlier row minus last row (Chaudhry et al. 2018); backward transfer: last row minus first row\n"
            + "(Lopez-Paz and Ranzato 2017), for data sets known before the first phase; their averages are over these data sets.";

    /**
     * A number for each column that has one.
     *
     * @param byColumn in percentage points
     * @param mean     over old columns; empty if there is none
     */
    public record Measure(Map<Column, Double> byColumn, OptionalDouble mean) {}

    public static ContinualMeasures of(ResultsMatrix matrix, Recall recall) {
        int last = matrix.stages().size() - 1;
        List<Double> averages = IntStream.rangeClosed(0, last)
                .mapToObj(stage -> matrix.columns().stream().mapToDouble(column -> matrix.value(stage, column, recall)).average().orElseThrow())
                .toList();
        return new ContinualMeasures(averages,
                measure(matrix, column -> last > 0, column -> bestBefore(matrix, last, column, recall) - matrix.value(last, column, recall)),
                measure(matrix, column -> last > 0 && matrix.isOld(column),
                        column -> matrix.value(last, column, recall) - matrix.value(0, column, recall)));
    }

    private static double bestBefore(ResultsMatrix matrix, int last, Column column, Recall recall) {
        return IntStream.range(0, last).mapToDouble(stage -> matrix.value(stage, column, recall)).max().orElseThrow();
    }

    private static Measure measure(ResultsMatrix matrix, Predicate<Column> isDefined, ToDoubleFunction<Column> value) {
        Map<Column, Double> byColumn = new LinkedHashMap<>();
        matrix.columns().stream().filter(isDefined).forEach(column -> byColumn.put(column, value.applyAsDouble(column)));
        OptionalDouble mean = byColumn.entrySet().stream().filter(entry -> matrix.isOld(entry.getKey()))
                .mapToDouble(Map.Entry::getValue).average();
        return new Measure(byColumn, mean);
    }
}
