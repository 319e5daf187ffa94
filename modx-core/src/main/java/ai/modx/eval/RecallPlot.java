package ai.modx.eval;

import ai.modx.eval.ResultsMatrix.Column;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recall over the phases as a picture: a chart for each data set (from left to right) and direction (image to text above),
 * in it a line for each method. Methods without phases are dashed lines across.
 */
final class RecallPlot {

    private static final Logger log = LoggerFactory.getLogger(RecallPlot.class);
    private static final int WIDTH = 560;
    private static final int HEIGHT = 400;
    /** Okabe and Ito's colours, told apart by the colour-blind too. */
    private static final List<Color> COLOURS = List.of(new Color(0xD55E00), new Color(0x0072B2), new Color(0x009E73),
            new Color(0xCC79A7), new Color(0xE69F00), new Color(0x56B4E9), Color.BLACK);

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

    /** Writes a PNG. A machine without any fonts cannot draw; that costs the picture, with a warning, not the run. */
    static void write(MethodComparison comparison, Recall recall, Path file) {
        try {
            ResultFile.write(file, png(new RecallPlot(comparison, recall).paint()));
        } catch (InternalError | LinkageError e) { // what AWT throws when fontconfig or its native library is missing
            log.warn("No plot {}: Java cannot draw text on this machine ({}). Install fontconfig and a font", file, e.getMessage());
        }
    }

    private BufferedImage paint() {
        List<Column> columns = comparison.methods().get(0).columns();
        int across = columns.size() / Direction.values().length;
        BufferedImage image = new BufferedImage(across * WIDTH, Direction.values().length * HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        for (int i = 0; i < columns.size(); i++) {
            Graphics2D part = (Graphics2D) graphics.create(i % across * WIDTH, i / across * HEIGHT, WIDTH, HEIGHT);
            chart(columns.get(i)).paint(part, WIDTH, HEIGHT);
            part.dispose();
        }
        graphics.dispose();
        return image;
    }

    private CategoryChart chart(Column column) {
        CategoryChart chart = new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(column.toString()).yAxisTitle(recall + " (%)").build();
        CategoryStyler style = chart.getStyler();
        style.setDefaultSeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Line);
        style.setOverlapped(true); // or the lines stand beside one another, as bars do
        style.setChartBackgroundColor(Color.WHITE);
        style.setPlotBorderVisible(false);
        style.setLegendPosition(Styler.LegendPosition.OutsideS);
        style.setLegendLayout(Styler.LegendLayout.Horizontal);
        style.setLegendBorderColor(Color.WHITE);
        style.setChartTitleBoxVisible(false);
        style.setYAxisMin(0.0);
        style.setYAxisDecimalPattern("#0.#");
        style.setMarkerSize(7);
        for (int i = 0; i < comparison.methods().size(); i++) {
            addSeries(chart, comparison.methods().get(i), column, COLOURS.get(i % COLOURS.size()));
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

    private static byte[] png(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
