package ai.modx.eval;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Charts of one look, in one picture. */
final class ChartGrid {

    private static final Logger log = LoggerFactory.getLogger(ChartGrid.class);
    private static final int WIDTH = 560;
    private static final int HEIGHT = 400;
    /** Okabe and Ito's colours, told apart by the colour-blind too. */
    private static final List<Color> COLOURS = List.of(new Color(0xD55E00), new Color(0x0072B2), new Color(0x009E73),
            new Color(0xCC79A7), new Color(0xE69F00), new Color(0x56B4E9), Color.BLACK);

    private ChartGrid() {}

    /** An empty chart. */
    static CategoryChart chart(String title, String vertical) {
        CategoryChart chart = new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(title).yAxisTitle(vertical).build();
        CategoryStyler style = chart.getStyler();
        style.setChartBackgroundColor(Color.WHITE);
        style.setPlotBorderVisible(false);
        style.setLegendPosition(Styler.LegendPosition.OutsideS);
        style.setLegendLayout(Styler.LegendLayout.Horizontal);
        style.setLegendBorderColor(Color.WHITE);
        style.setChartTitleBoxVisible(false);
        style.setYAxisMin(0.0);
        style.setYAxisDecimalPattern("#0.#");
        return chart;
    }

    /** The colour of the series with this number. */
    static Color colour(int series) {
        return COLOURS.get(series % COLOURS.size());
    }

    /**
     * Writes a PNG. A machine without any fonts cannot draw; that costs the picture, with a warning, not the run.
     *
     * @param across number of charts in a row
     * @param charts row after row
     */
    static void write(Path file, int across, Supplier<List<CategoryChart>> charts) {
        try {
            ResultFile.write(file, png(paint(across, charts.get())));
        } catch (InternalError | LinkageError e) { // what AWT throws when fontconfig or its native library is missing
            log.warn("No plot {}: Java cannot draw text on this machine ({}). Install fontconfig and a font", file, e.getMessage());
        }
    }

    private static BufferedImage paint(int across, List<CategoryChart> charts) {
        int down = (charts.size() + across - 1) / across;
        BufferedImage image = new BufferedImage(across * WIDTH, down * HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        for (int i = 0; i < charts.size(); i++) {
            Graphics2D part = (Graphics2D) graphics.create(i % across * WIDTH, i / across * HEIGHT, WIDTH, HEIGHT);
            charts.get(i).paint(part, WIDTH, HEIGHT);
            part.dispose();
        }
        graphics.dispose();
        return image;
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
