package ai.modx.report;

import ai.modx.report.Envelope.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Lines over a common axis, as SVG with a legend. Of long series the mean of what lies side by side is drawn, and behind it a band
 * from the least to the greatest value.
 *
 * @param title    what is drawn, with its unit
 * @param axis     what the values go along
 * @param series   those without values are not drawn
 * @param quantity what kind of values they are
 */
record LineChart(String title, Axis axis, List<Series> series, Quantity quantity) {

    /** Colours, and dashes with them, in the style sheet. */
    static final int PALETTE = 6;

    private static final int WIDTH = 360;
    private static final int HEIGHT = 210;
    private static final int LEFT = 60;
    private static final int RIGHT = WIDTH - 12;
    private static final int TOP = 14;
    private static final int BOTTOM = HEIGHT - 34;

    /** How wide a letter is, at most on average. */
    private static final int LETTER = 7;

    /** About as many as a telephone has pixels there. */
    private static final int COLUMNS = 300;

    /** Up to so many points are marked one by one. */
    private static final int FEW_POINTS = 40;

    /** How values are to be compared. */
    enum Quantity {
        /** By their ratios, if they differ much. */
        RATIO,
        /** By their height above zero. */
        AMOUNT,
        /** By their differences. */
        LEVEL;

        Scale scale(double[] values) {
            double least = Arrays.stream(values).min().orElseThrow();
            double greatest = Arrays.stream(values).max().orElseThrow();
            return switch (this) {
                case RATIO -> Scale.ofRatios(values);
                case AMOUNT -> Scale.rounded(Math.min(0, least), Math.max(0, greatest));
                case LEVEL -> Scale.rounded(least, greatest);
            };
        }
    }

    /**
     * The axis below.
     *
     * @param title      what is counted
     * @param marks      vertical lines
     * @param categories what is written at 0, 1, 2, ... instead of numbers; empty for numbers
     */
    record Axis(String title, List<Mark> marks, List<String> categories) {

        static Axis of(String title) {
            return new Axis(title, List.of(), List.of());
        }
    }

    /** A vertical line with a word at its top, where there is room for it. */
    record Mark(double x, String name) {}

    LineChart {
        series = List.copyOf(series);
    }

    boolean isEmpty() {
        return shown().isEmpty();
    }

    private List<Series> shown() {
        return series.stream().filter(line -> !line.isEmpty()).toList();
    }

    /** The picture with its title and legend. */
    Html figure() {
        double[] values = shown().stream().flatMapToDouble(Series::values).toArray();
        Scale y = quantity.scale(values);
        DoubleSummaryStatistics places = DoubleStream.concat(axis.marks().stream().mapToDouble(Mark::x),
                shown().stream().flatMapToDouble(line -> Arrays.stream(line.x()))).summaryStatistics();
        Scale x = Scale.exact(places.getMin(), places.getMax());
        Html caption = Html.of("figcaption", title);
        if (y.logarithmic()) {
            boolean below = Arrays.stream(values).anyMatch(value -> value < y.low());
            caption.add(Html.of("small", below ? " log scale, what is less lies at the lower edge" : " log scale"));
        }
        Html figure = Html.of("figure").add(caption, svg(x, y));
        return series.size() > 1 ? figure.add(legend()) : figure;
    }

    private Html svg(Scale x, Scale y) {
        Html svg = Html.of("svg").with("viewBox", "0 0 " + WIDTH + " " + HEIGHT).with("role", "img")
                .add(Html.of("title", title), Html.of("desc", inWords()));
        DoubleUnaryOperator across = value -> LEFT + x.position(value) * (RIGHT - LEFT);
        DoubleUnaryOperator up = value -> BOTTOM - y.position(value) * (BOTTOM - TOP);
        for (double tick : y.ticks()) {
            double height = up.applyAsDouble(tick);
            svg.add(line(LEFT, height, RIGHT, height, "grid"), label(LEFT - 6, height + 3.5, "end", Numbers.text(tick)));
        }
        double free = LEFT;
        for (Mark mark : axis.marks()) {
            double place = across.applyAsDouble(mark.x());
            double end = place + LETTER * (mark.name().length() + 1);
            svg.add(line(place, TOP, place, BOTTOM, "mark"));
            if (place >= free && end <= WIDTH) {
                svg.add(label(place + 3, TOP - 4, "start", mark.name()));
                free = end;
            }
        }
        writeAxis(svg, x, across);
        for (Series line : shown()) {
            draw(svg, line, Envelope.of(line.x(), line.y(), x.low(), x.high(), COLUMNS), across, up);
        }
        return svg;
    }

    private void writeAxis(Html svg, Scale x, DoubleUnaryOperator across) {
        svg.add(line(LEFT, BOTTOM, RIGHT, BOTTOM, "axis"), label((LEFT + RIGHT) / 2.0, HEIGHT - 4, "middle", axis.title()));
        if (axis.categories().isEmpty()) {
            x.ticks().forEach(tick -> svg.add(label(across.applyAsDouble(tick), BOTTOM + 14, "middle", Numbers.text(tick))));
        }
        for (int i = 0; i < axis.categories().size(); i++) {
            svg.add(label(across.applyAsDouble(i), BOTTOM + 14, i == 0 ? "start" : "middle", axis.categories().get(i)));
        }
    }

    private static void draw(Html svg, Series line, Envelope envelope, DoubleUnaryOperator across, DoubleUnaryOperator up) {
        for (List<Column> piece : pieces(envelope)) {
            if (piece.stream().anyMatch(column -> column.high() > column.low())) {
                List<String> outline = new ArrayList<>();
                piece.forEach(column -> outline.add(point(across.applyAsDouble(column.x()), up.applyAsDouble(column.high()))));
                for (int i = piece.size() - 1; i >= 0; i--) {
                    outline.add(point(across.applyAsDouble(piece.get(i).x()), up.applyAsDouble(piece.get(i).low())));
                }
                svg.add(Html.of("path").with("class", "band k" + line.colour()).with("d", "M" + String.join("L", outline) + "Z"));
            }
            svg.add(Html.of("path").with("class", "line k" + line.colour()).with("d", "M" + piece.stream()
                    .map(column -> point(across.applyAsDouble(column.x()), up.applyAsDouble(column.mean()))).collect(Collectors.joining("L"))));
            if (envelope.columns().size() <= FEW_POINTS || piece.size() == 1) {
                piece.forEach(column -> svg.add(Html.of("circle").with("class", "dot k" + line.colour()).with("cx", number(across.applyAsDouble(column.x())))
                        .with("cy", number(up.applyAsDouble(column.mean()))).with("r", 2.4)));
            }
        }
    }

    /** What is between two gaps. */
    private static List<List<Column>> pieces(Envelope envelope) {
        List<List<Column>> pieces = new ArrayList<>();
        boolean open = false;
        for (Column column : envelope.columns()) {
            if (!column.isEmpty() && !open) {
                pieces.add(new ArrayList<>());
            }
            open = !column.isEmpty();
            if (open) {
                pieces.get(pieces.size() - 1).add(column);
            }
        }
        return pieces;
    }

    /** For those who do not see it. */
    private String inWords() {
        return shown().stream().map(line -> {
            double[] values = line.values().toArray();
            return line.name() + ": " + values.length + " values, first " + Numbers.text(values[0]) + ", last " + Numbers.text(values[values.length - 1])
                    + ", lowest " + Numbers.text(line.values().min().orElseThrow()) + ", highest " + Numbers.text(line.values().max().orElseThrow());
        }).collect(Collectors.joining("; "));
    }

    private Html legend() {
        Html legend = Html.of("ul").with("class", "legend");
        shown().forEach(line -> legend.add(Html.of("li").add(key(line.colour())).text(line.name())));
        return legend;
    }

    /** A piece of a line, for a legend. */
    static Html key(int colour) {
        return Html.of("svg").with("viewBox", "0 0 24 8").with("class", "key").with("aria-hidden", "true")
                .add(Html.of("path").with("class", "line k" + colour).with("d", "M0 4L24 4"));
    }

    private static Html line(double x1, double y1, double x2, double y2, String kind) {
        return Html.of("path").with("class", kind).with("d", "M" + point(x1, y1) + "L" + point(x2, y2));
    }

    private static Html label(double x, double y, String anchor, String text) {
        return Html.of("text", text).with("x", number(x)).with("y", number(y)).with("text-anchor", anchor);
    }

    private static String point(double x, double y) {
        return number(x) + " " + number(y);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
