package ai.modx.report;

import ai.modx.checkpoint.AtomicFile;
import ai.modx.eval.MethodComparison;
import ai.modx.eval.ResultsMatrix;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One page about a run, or about several side by side. It needs nothing but itself: no network, no script.
 *
 * @param runs    at least one
 * @param results what methods reached after every phase
 * @param found   examples of retrieval
 */
public record RunReport(List<RunLog> runs, Optional<MethodComparison> results, List<FoundImages> found) {

    /** What the page of a run is called in its folder. */
    public static final String FILE = "report.html";

    /** Nothing may be loaded, and nothing runs: the page says so to the browser. */
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    /** What linear evaluation says after every epoch, in percent. */
    private static final List<String> ACCURACIES = List.of("acc1", "acc5", "mean_recall");

    public RunReport {
        runs = List.copyOf(runs);
        found = List.copyOf(found);
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("There is no run to report on");
        }
    }

    /**
     * Writes the page of a run into its folder.
     *
     * @throws ai.modx.checkpoint.SaveException if it cannot be written
     */
    public static void writeInto(Path folder) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        new RunReport(List.of(RunLog.read(name == null ? "run" : name.toString(), folder)), Optional.empty(), List.of()).write(folder.resolve(FILE));
    }

    /** Writes the page whole or not at all. */
    public void write(Path file) {
        AtomicFile.write(file, ("<!doctype html>\n" + page() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private Html page() {
        String title = "modx: " + String.join(", ", runs.stream().map(RunLog::name).toList());
        Html head = Html.of("head").add(
                Html.of("meta").with("charset", "utf-8"),
                Html.of("meta").with("http-equiv", "Content-Security-Policy").with("content", POLICY),
                Html.of("meta").with("name", "viewport").with("content", "width=device-width, initial-scale=1"),
                Html.of("meta").with("name", "color-scheme").with("content", "light dark"),
                Html.of("title", title), Html.of("style", styleSheet()));
        Html main = Html.of("main").add(Html.of("h1", title)).add(cards());
        results.ifPresent(comparison -> main.add(Html.of("section").add(Html.of("h2", "What was learned and forgotten")).add(new Methods(comparison, colours(comparison)).html())));
        charts("Accuracy on the validation images", accuracies()).ifPresent(main::add);
        charts("Retrieval during training", new Recalls(runs).charts()).ifPresent(main::add);
        charts("Training", new Curves(runs).charts()).ifPresent(main::add);
        found.forEach(images -> main.add(images.html()));
        main.add(Html.of("section").add(Html.of("h2", "Numbers")).add(runs.stream().map(RunReport::numbers).toList()));
        main.add(Html.of("section").add(Html.of("h2", "Command and settings")).add(new Settings(runs).html()));
        return Html.of("html").with("lang", "en").add(head, Html.of("body").add(main));
    }

    /** A method has the colour of the run of its name. */
    private Map<String, Integer> colours(MethodComparison comparison) {
        Map<String, Integer> colours = new HashMap<>();
        Stream.concat(runs.stream().map(RunLog::name), comparison.methods().stream().map(ResultsMatrix::method))
                .forEach(name -> colours.putIfAbsent(name, colours.size() % LineChart.PALETTE));
        return colours;
    }

    private Html cards() {
        return Html.of("div").with("class", "cards").add(IntStream.range(0, runs.size())
                .mapToObj(i -> new RunCard(runs.get(i), i % LineChart.PALETTE, runs.size() == 1).card()).toList());
    }

    private static Optional<Html> charts(String title, List<LineChart> charts) {
        List<Html> figures = charts.stream().filter(chart -> !chart.isEmpty()).map(LineChart::figure).toList();
        return figures.isEmpty() ? Optional.empty()
                : Optional.of(Html.of("section").add(Html.of("h2", title), Html.of("div").with("class", "charts").add(figures)));
    }

    /** Of linear evaluation. */
    private List<LineChart> accuracies() {
        return ACCURACIES.stream().map(key -> new LineChart(key + ", %", LineChart.Axis.of("epoch"), IntStream.range(0, runs.size())
                .mapToObj(i -> runs.get(i).accuracy(key, 0).named(runs.get(i).name(), i % LineChart.PALETTE)).toList(), LineChart.Quantity.LEVEL)).toList();
    }

    /** The charts as a table, for those who want figures. */
    private static Html numbers(RunLog run) {
        Table table = new Table("", List.of("", "values", "first", "lowest", "highest", "last"));
        List<Series> series = new ArrayList<>();
        ACCURACIES.forEach(key -> series.add(run.accuracy(key, 0)));
        run.keys().forEach(key -> series.add(run.series(key, 0)));
        series.stream().filter(each -> !each.isEmpty()).forEach(each -> {
            double[] values = each.values().toArray();
            table.row(each.name(), List.of(Numbers.count(values.length), Numbers.text(values[0]), Numbers.text(each.values().min().orElseThrow()),
                    Numbers.text(each.values().max().orElseThrow()), Numbers.text(values[values.length - 1])));
        });
        return Settings.details(run.name()).add(table.html());
    }

    /** It has no character that is escaped. */
    private static String styleSheet() {
        try (InputStream resource = RunReport.class.getResourceAsStream("report.css")) {
            if (resource == null) {
                throw new IllegalStateException("The resource report.css is missing: modx-core was built incompletely");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
