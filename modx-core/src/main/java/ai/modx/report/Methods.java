package ai.modx.report;

import ai.modx.eval.ContinualMeasures;
import ai.modx.eval.MethodComparison;
import ai.modx.eval.Recall;
import ai.modx.eval.ResultsMatrix;
import ai.modx.eval.ResultsMatrix.Column;
import ai.modx.eval.RetrievalReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What methods learned and forgot from phase to phase, side by side.
 *
 * @param colours of the methods by their names
 */
record Methods(MethodComparison comparison, Map<String, Integer> colours) {

    /** Of a cell of 100 %; text on it stays readable. */
    private static final double STRONGEST_SHADE = 0.55;

    /** Charts, the table of the end, and a matrix for every method with phases. */
    List<Html> html() {
        List<Html> all = new ArrayList<>();
        all.add(end());
        all.add(Html.of("div").with("class", "charts").add(comparison.methods().get(0).columns().stream().map(column -> chart(column).figure()).toList()));
        all.add(Html.of("div").with("class", "tables").add(phased().map(Methods::matrix).toList()));
        if (phased().findAny().isPresent()) {
            all.add(Html.of("p", ContinualMeasures.EXPLANATION).with("class", "small"));
        }
        return all;
    }

    private Stream<ResultsMatrix> phased() {
        return comparison.methods().stream().filter(matrix -> matrix.stages().size() > 1);
    }

    private Html end() {
        List<Column> columns = comparison.methods().get(0).columns();
        Table table = new Table("R@1 / R@5 / R@10 in the end, %", Stream.concat(Stream.of(""), columns.stream().map(Column::toString)).toList());
        comparison.starts().forEach((report, name) -> table.row(name, recalls(report, columns)));
        comparison.methods().forEach(matrix -> table.row(matrix.method(), recalls(matrix.stages().get(matrix.stages().size() - 1).report(), columns)));
        return table.html();
    }

    private static List<String> recalls(RetrievalReport report, List<Column> columns) {
        return columns.stream().map(column -> report.results().get(column.dataset()).metrics().direction(column.direction()))
                .map(ranks -> Arrays.stream(Recall.values()).map(recall -> Numbers.percent(ranks.recall(recall))).collect(Collectors.joining(" / "))).toList();
    }

    /** R@1 of a column after every phase; a method without phases is a level line. */
    private LineChart chart(Column column) {
        List<String> stages = phased().max((a, b) -> Integer.compare(a.stages().size(), b.stages().size()))
                .map(matrix -> matrix.stages().stream().map(stage -> stage.name().replaceFirst("^phase ", "")).toList()).orElse(List.of("end"));
        List<Series> series = comparison.methods().stream().map(matrix -> {
            int last = matrix.stages().size() - 1;
            double[] x = IntStream.range(0, last == 0 ? stages.size() : last + 1).asDoubleStream().toArray();
            return new Series(matrix.method(), x, Arrays.stream(x).map(stage -> matrix.value((int) Math.min(stage, last), column, Recall.R1)).toArray(),
                    colours.get(matrix.method()));
        }).toList();
        String kind = comparison.methods().get(0).newData().contains(column.dataset()) ? " (new data)" : "";
        return new LineChart(column + ", R@1, %" + kind, new LineChart.Axis("after phase", List.of(), stages), series, LineChart.Quantity.AMOUNT);
    }

    private static Html matrix(ResultsMatrix matrix) {
        List<Column> columns = matrix.columns();
        ContinualMeasures measures = ContinualMeasures.of(matrix, Recall.R1);
        Table table = new Table(matrix.method() + ", R@1, %",
                Stream.concat(Stream.concat(Stream.of(""), columns.stream().map(Column::toString)), Stream.of("average")).toList());
        for (int i = 0; i < matrix.stages().size(); i++) {
            int stage = i;
            table.rowOf(matrix.stages().get(i).name(), Stream.concat(columns.stream().map(column -> shaded(matrix.value(stage, column, Recall.R1))),
                    Stream.of(shaded(measures.averages().get(i)))).toList());
        }
        table.row("forgetting", cells(columns, measures.forgetting()));
        table.row("backward transfer", cells(columns, measures.backwardTransfer()));
        return table.html();
    }

    private static Html shaded(double percent) {
        return Html.of("td", Numbers.percent(percent)).with("style",
                String.format(Locale.ROOT, "background:rgba(0,130,200,%.2f)", STRONGEST_SHADE * Math.max(0, Math.min(100, percent)) / 100));
    }

    private static List<String> cells(List<Column> columns, ContinualMeasures.Measure measure) {
        return Stream.concat(columns.stream().map(column -> Numbers.percent(measure.byColumn().getOrDefault(column, Double.NaN))),
                Stream.of(Numbers.percent(measure.mean().orElse(Double.NaN)))).toList();
    }
}
