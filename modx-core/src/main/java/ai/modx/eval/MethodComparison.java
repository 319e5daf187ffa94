package ai.modx.eval;

import ai.modx.eval.ResultsMatrix.Column;
import ai.modx.eval.ResultsMatrix.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Several methods on the same data sets.
 *
 * @param methods at least one; those with phases by row, those with one row as bounds
 */
public record MethodComparison(List<ResultsMatrix> methods) {

    public MethodComparison {
        methods = List.copyOf(methods);
        if (methods.isEmpty()) {
            throw new IllegalArgumentException("There is no method to compare");
        }
        List<Column> columns = methods.get(0).columns();
        for (ResultsMatrix method : methods) {
            if (!method.columns().equals(columns)) {
                throw new IllegalArgumentException("Results of " + methods.get(0).method() + " and " + method.method()
                        + " are of different data sets: " + columns + " and " + method.columns());
            }
        }
    }

    /**
     * Reads results that {@link #write} wrote.
     *
     * @param file the JSON
     * @throws ai.modx.data.DataException if it is missing or holds something else
     */
    public static MethodComparison read(Path file) {
        return ResultFile.read(file, "the results of several checkpoints, as 'modx retrieval --out_dir' writes them", json ->
                new MethodComparison(StreamSupport.stream(json.spliterator(), false).map(ResultsJson::matrix).toList()));
    }

    /**
     * A table in the shape of the paper's table 7: the model before the first phase, then what every method made of it in
     * the end; R@1/R@5/R@10 in percent.
     */
    public String toText() {
        List<Column> columns = methods.get(0).columns();
        TextTable table = new TextTable(Stream.concat(Stream.of("R@1/R@5/R@10"), columns.stream().map(Column::toString)).toList());
        starts().forEach((report, name) -> table.add(row(name, report, columns)));
        for (ResultsMatrix method : methods) {
            table.add(row(method.method(), method.stages().get(method.stages().size() - 1).report(), columns));
        }
        return table.toString();
    }

    /** {@link #toText}, the matrix of every method with phases, and how the measures in them are defined. */
    public String toFullText() {
        List<String> matrices = methods.stream().filter(method -> method.stages().size() > 1).map(method -> "\n" + method.table(Recall.R1)).toList();
        return toText() + String.join("", matrices) + (matrices.isEmpty() ? "" : "\n" + ContinualMeasures.EXPLANATION + "\n");
    }

    /** What the models before the first phase reached, and what to call them; methods that start from the same one share it. */
    public Map<RetrievalReport, String> starts() {
        List<ResultsMatrix> phased = methods.stream().filter(method -> method.stages().size() > 1).toList();
        boolean same = phased.stream().map(method -> method.stages().get(0).report()).distinct().count() == 1;
        Map<RetrievalReport, String> starts = new LinkedHashMap<>();
        for (ResultsMatrix method : phased) {
            Stage first = method.stages().get(0);
            starts.putIfAbsent(first.report(), same ? first.name() : method.method() + ", " + first.name());
        }
        return starts;
    }

    private static List<String> row(String name, RetrievalReport report, List<Column> columns) {
        List<String> cells = new ArrayList<>(List.of(name));
        for (Column column : columns) {
            RankMetrics ranks = report.results().get(column.dataset()).metrics().direction(column.direction());
            cells.add(Stream.of(Recall.values()).map(recall -> RetrievalReport.rounded(ranks.recall(recall))).collect(Collectors.joining("/")));
        }
        return cells;
    }

    /** One line for each method, stage, data set and direction: the form that plotting programs like. */
    public String toCsv() {
        StringBuilder csv = new StringBuilder("method,stage,stage_number,dataset,direction,r1,r5,r10,medr,meanr\n");
        for (ResultsMatrix method : methods) {
            IntStream.range(0, method.stages().size()).forEach(stage -> method.columns().forEach(column -> {
                Stage row = method.stages().get(stage);
                RankMetrics ranks = row.report().results().get(column.dataset()).metrics().direction(column.direction());
                csv.append(String.format(Locale.ROOT, "%s,%s,%d,%s,%s,%.4f,%.4f,%.4f,%.1f,%.4f\n",
                        quoted(method.method()), quoted(row.name()), stage, quoted(column.dataset()), column.direction().key(),
                        ranks.r1(), ranks.r5(), ranks.r10(), ranks.medr(), ranks.meanr()));
            }));
        }
        return csv.toString();
    }

    /** As RFC 4180 wants it where a text has a comma, a quote or a line break. */
    private static String quoted(String text) {
        return text.matches("(?s).*[,\"\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }

    /** All methods' {@link ResultsMatrix#toJson}, in a list. */
    public String toJson() {
        return ResultFile.JSON.createArrayNode().addAll(methods.stream().map(ResultsJson::of).toList()).toPrettyString();
    }

    /**
     * Writes text, CSV, JSON and plot as {@code NAME.txt}, {@code .csv}, {@code .json} and {@code .png} into a folder.
     * The text is {@link #toFullText}.
     */
    public void write(Path folder, String name) {
        ResultFile.write(folder.resolve(name + ".txt"), toFullText());
        ResultFile.write(folder.resolve(name + ".csv"), toCsv());
        ResultFile.write(folder.resolve(name + ".json"), toJson() + "\n");
        RecallPlot.write(this, Recall.R1, folder.resolve(name + ".png"));
    }
}
