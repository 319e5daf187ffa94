package ai.modx.eval;

import ai.modx.data.DataException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What one model reached on every data set, by the data set's name.
 *
 * @param results in the order of the evaluation; at least one
 */
public record RetrievalReport(Map<String, RetrievalResult> results) {

    public RetrievalReport {
        if (results.isEmpty()) {
            throw new IllegalArgumentException("A report has at least one data set");
        }
        results = Collections.unmodifiableMap(new LinkedHashMap<>(results));
    }

    /**
     * Reads a report that {@link #write} wrote.
     *
     * @throws DataException if the file is missing or holds something else
     */
    public static RetrievalReport read(Path file) {
        return ResultFile.read(file, "a report of the retrieval evaluation", ReportJson::report);
    }

    /**
     * A report out of {@link #toJson}.
     *
     * @throws IllegalArgumentException if it is something else; the message names what is missing
     */
    public static RetrievalReport of(JsonNode json) {
        return ReportJson.report(json);
    }

    /** {@code {NAME: {"i2t": {"r1", "r5", "r10", "medr", "meanr"}, "t2i": {...}, "images", "captions", "rsum"}}}. */
    public String toJson() {
        return ReportJson.of(this).toPrettyString();
    }

    /** All recalls of all data sets added up: one number to compare models by. */
    public double rsum() {
        return results.values().stream().mapToDouble(result -> result.metrics().rsum()).sum();
    }

    /** The numbers that say how good the model is, by their place in {@link #toJson}: {@code NAME/i2t/r1} ... and {@code rsum}, that of all sets. */
    public Map<String, Double> scalars() {
        Map<String, Double> scalars = new LinkedHashMap<>();
        ReportJson.addScalars(ReportJson.of(this), "", scalars);
        scalars.put("rsum", rsum());
        return scalars;
    }

    /** Writes {@link #toJson} to a file. */
    public void write(Path file) {
        ResultFile.write(file, toJson() + "\n");
    }

    /** Recalls in percent, ranks counted from 1. */
    public String toText() {
        TextTable table = new TextTable(List.of("data set", "images", "captions", "i2t R@1", "R@5", "R@10", "medr", "meanr",
                "t2i R@1", "R@5", "R@10", "medr", "meanr", "rsum"));
        results.forEach((name, result) -> {
            table.add(row(name, result.metrics()));
            result.folds().ifPresent(folds -> table.add(row(name + ", mean of " + folds.count() + " folds", folds.mean())));
        });
        return table.toString();
    }

    private static List<String> row(String name, RetrievalMetrics metrics) {
        List<String> cells = new ArrayList<>(List.of(name, Integer.toString(metrics.images()), Integer.toString(metrics.captions())));
        for (Direction direction : Direction.values()) {
            RankMetrics ranks = metrics.direction(direction);
            Stream.of(ranks.r1(), ranks.r5(), ranks.r10(), ranks.medr(), ranks.meanr()).map(RetrievalReport::rounded).forEach(cells::add);
        }
        cells.add(rounded(metrics.rsum()));
        return cells;
    }

    /** One decimal, as the literature prints recalls. */
    static String rounded(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }
}
