package ai.modx.eval;

import ai.modx.eval.ResultsMatrix.Column;
import java.awt.BasicStroke;
import java.awt.Color;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Recall over the phases as a picture: a chart for each data set (from left to right) and direction (image to text above),
 * in it a line for each method. Methods without phases are dashed lines across.
 */
final class RecallPlot {

    private final MethodComparison comparison;
    private final Recall recall;
    /** The names on the horizontal axis: those of the method with most stages. */
    private final List<String> stages;

    private RecallPlot(MethodComparison comparison, Recall recall) {
        this.comparison = comparison;
        this.recall = recall;
        this.stages = comparison.methods().stream().max(Comparator.comparingInt(method -> method.stages().size())).orElseThrow()
                .stages().stream().map(ResultsMatrix.Stage::name).toList();
    }

    static void write(MethodComparison comparison, Recall recall, Path file) {
        RecallPlot plot = new RecallPlot(comparison, recall);
        List<Column> columns = comparison.methods().get(0).columns();
        ChartGrid.write(file, columns.size() / Direction.values().length, () -> columns.stream().map(plot::chart).toList());
    }

    private CategoryChart chart(Column column) {
        CategoryChart chart = ChartGrid.chart(column.toString(), recall + " (%)");
        CategoryStyler style = chart.getStyler();
        style.setDefaultSeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Line);
        style.setOverlapped(true); // or the lines stand beside one another, as bars do
        style.setMarkerSize(7);
        for (int i = 0; i < comparison.methods().size(); i++) {
            addSeries(chart, comparison.methods().get(i), column, ChartGrid.colour(i));
        }
        return chart;
    }

    private void addSeries(CategoryChart chart, ResultsMatrix method, Column column, Color colour) {
        boolean phased = method.stages().size() > 1;
        List<Double> values = phased
                ? IntStream.range(0, method.stages().size()).mapToObj(stage -> method.value(stage, column, recall)).toList()
                : Collections.nCopies(stages.size(), method.value(0, column, recall));
        CategorySeries series = chart.addSeries(method.method(), stages.subList(0, values.size()), values);
        series.setLineColor(colour);
        series.setMarkerColor(colour);
        series.setMarker(phased ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        series.setLineStyle(phased ? new BasicStroke(2.2f)
                : new BasicStroke(1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {7, 5}, 0));
    }
}
