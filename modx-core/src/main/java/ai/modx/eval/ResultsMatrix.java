package ai.modx.eval;

import ai.modx.data.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a method reached on every data set in the course of a run: a row for the model before the first phase and one after
 * each phase, a column for each direction of each data set. A method without phases (joint training) has one row.
 *
 * @param method  its name
 * @param newData names of the data sets that the phases train on, a part of each in every phase; the model knows the
 *                others from before, and can only forget those. May be empty
 * @param stages  at least one, all with the same data sets
 */
public record ResultsMatrix(String method, Set<String> newData, List<Stage> stages) {

    /**
     * One row.
     *
     * @param name   for example {@code before} or {@code phase 1}
     * @param report what the model of this moment reached
     */
    public record Stage(String name, RetrievalReport report) {}

    /** One column: a direction of a data set. */
    public record Column(String dataset, Direction direction) {

        @Override
        public String toString() {
            return dataset + " " + direction.key();
        }
    }

    public ResultsMatrix {
        newData = Collections.unmodifiableSet(new LinkedHashSet<>(newData));
        stages = List.copyOf(stages);
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("The results of " + method + " have no row");
        }
        Set<String> datasets = stages.get(0).report().results().keySet();
        for (Stage stage : stages) {
            if (!stage.report().results().keySet().equals(datasets)) {
                throw new IllegalArgumentException("The rows of " + method + " have different data sets: " + datasets + " and, in '"
                        + stage.name() + "', " + stage.report().results().keySet());
            }
        }
        Set<String> unknown = new HashSet<>(newData);
        unknown.removeAll(datasets);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("New data that was not evaluated: " + unknown + ". There are results for " + datasets);
        }
    }

    /**
     * Reads results that {@link #write} wrote.
     *
     * @throws DataException if the file is missing or holds something else
     */
    public static ResultsMatrix read(Path file) {
        return ResultFile.read(file, "the results of several checkpoints, as the retrieval evaluation writes them", ResultsJson::matrix);
    }

    /** The columns in the order of the paper's tables: image to text on all data sets, then text to image. */
    public List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            stages.get(0).report().results().keySet().forEach(dataset -> columns.add(new Column(dataset, direction)));
        }
        return columns;
    }

    /** One cell, in percent. */
    public double value(int stage, Column column, Recall recall) {
        return stages.get(stage).report().results().get(column.dataset()).metrics().direction(column.direction()).recall(recall);
    }

    /** Whether the model knew this data set before the first phase. */
    boolean isOld(Column column) {
        return !newData.contains(column.dataset());
    }

    /** Writes {@link #toJson} to a file. */
    public void write(Path file) {
        ResultFile.write(file, toJson() + "\n");
    }

    /** Everything, with the measures that follow from it. */
    public String toJson() {
        return ResultsJson.of(this).toPrettyString();
    }

    /** A table of one recall with forgetting and backward transfer below, and how these are defined. */
    public String toText(Recall recall) {
        return table(recall) + (stages.size() == 1 ? "" : "\n" + ContinualMeasures.EXPLANATION + "\n");
    }

    /** {@link #toText} without the definitions. */
    String table(Recall recall) {
        List<Column> columns = columns();
        TextTable table = new TextTable(cells(method + ", " + recall, columns.stream().map(Column::toString), "average"));
        ContinualMeasures measures = ContinualMeasures.of(this, recall);
        for (int i = 0; i < stages.size(); i++) {
            int stage = i;
            table.add(cells(stages.get(stage).name(), columns.stream().map(column -> RetrievalReport.rounded(value(stage, column, recall))),
                    RetrievalReport.rounded(measures.averages().get(stage))));
        }
        if (stages.size() == 1) {
            return table.toString();
        }
        table.add(measureCells("forgetting", columns, measures.forgetting()));
        table.add(measureCells("backward transfer", columns, measures.backwardTransfer()));
        return table.toString();
    }

    private static List<String> measureCells(String name, List<Column> columns, ContinualMeasures.Measure measure) {
        return cells(name, columns.stream().map(column -> measure.byColumn().containsKey(column)
                ? RetrievalReport.rounded(measure.byColumn().get(column)) : "-"),
                measure.mean().isPresent() ? RetrievalReport.rounded(measure.mean().getAsDouble()) : "-");
    }

    private static List<String> cells(String first, Stream<String> middle, String last) {
        return Stream.concat(Stream.concat(Stream.of(first), middle), Stream.of(last)).toList();
    }
}
