package ai.modx.eval;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.CategoryChart;

/** The histograms of a {@link DriftReport} as bars: images above, texts below; a colour for each step. */
final class DriftPlot {

    private static final int ACROSS = 3;

    private DriftPlot() {}

    static void write(DriftReport report, Path file) {
        ChartGrid.write(file, ACROSS, () -> DriftReport.histograms(report.steps().get(0)).keySet().stream().map(title -> chart(report, title)).toList());
    }

    private static CategoryChart chart(DriftReport report, String title) {
        CategoryChart chart = ChartGrid.chart(title + " (degrees)", "%");
        for (int i = 0; i < report.steps().size(); i++) {
            DriftStep step = report.steps().get(i);
            AngleHistogram histogram = DriftReport.histograms(step).get(title);
            List<Double> shares = Arrays.stream(histogram.shares()).map(share -> histogram.count() == 0 ? 0 : share).boxed().toList();
            chart.addSeries(step.name(), histogram.bins().names(), shares).setFillColor(ChartGrid.colour(i));
        }
        return chart;
    }
}
