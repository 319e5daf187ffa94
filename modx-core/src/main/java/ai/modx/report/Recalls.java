package ai.modx.report;

import ai.modx.eval.Direction;
import ai.modx.eval.Recall;
import ai.modx.eval.RetrievalResult;
import ai.modx.report.RunLog.Evaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Charts of the retrieval results in the course of training: of one run all recalls, of several R@1. */
record Recalls(List<RunLog> runs) {

    /** One for each direction of each data set. */
    List<LineChart> charts() {
        List<String> sets = runs.stream().flatMap(run -> run.evaluations().stream()).flatMap(evaluation -> evaluation.report().results().keySet().stream())
                .distinct().toList();
        List<LineChart> charts = new ArrayList<>();
        for (String set : sets) {
            for (Direction direction : Direction.values()) {
                charts.add(chart(set, direction));
            }
        }
        return charts;
    }

    private LineChart chart(String set, Direction direction) {
        String what = set + ", " + (direction == Direction.I2T ? "image to text" : "text to image") + ", ";
        List<Series> series = runs.size() == 1
                ? IntStream.range(0, Recall.values().length).mapToObj(i -> series(runs.get(0), set, direction, Recall.values()[i], i)
                        .named(Recall.values()[i].toString(), i)).toList()
                : IntStream.range(0, runs.size()).mapToObj(i -> series(runs.get(i), set, direction, Recall.R1, i % LineChart.PALETTE)
                        .named(runs.get(i).name(), i % LineChart.PALETTE)).toList();
        return new LineChart(what + (runs.size() == 1 ? "R@1, 5 and 10, %" : Recall.R1 + ", %"), new Curves(runs).axis(), series, LineChart.Quantity.AMOUNT);
    }

    private static Series series(RunLog run, String set, Direction direction, Recall recall, int colour) {
        List<Evaluation> evaluations = run.evaluations();
        ToDoubleFunction<Evaluation> value = evaluation -> Optional.ofNullable(evaluation.report().results().get(set)).map(RetrievalResult::metrics)
                .map(metrics -> metrics.direction(direction).recall(recall)).orElse(Double.NaN);
        return new Series(recall.toString(), evaluations.stream().mapToDouble(Evaluation::step).toArray(), evaluations.stream().mapToDouble(value).toArray(), colour);
    }
}
