package ai.modx.report;

import ai.modx.report.LineChart.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Charts of everything that runs log for every step: of one run what belongs together in one chart, of several a chart each. */
record Curves(List<RunLog> runs) {

    /**
     * Numbers that belong together.
     *
     * @param prefix   what their names begin with
     * @param title    of the chart
     * @param quantity what they are
     */
    private record Group(String prefix, String title, Quantity quantity) {}

    /** In the order of the page; other numbers come after under their own names. */
    private static final List<Group> GROUPS = List.of(
            new Group("loss", "Loss", Quantity.RATIO),
            new Group("lr", "Learning rate", Quantity.AMOUNT),
            new Group("logit_scale", "Logit scale (its logarithm, as stored)", Quantity.LEVEL),
            new Group("kept", "Rows kept: the old model was right", Quantity.AMOUNT),
            new Group("grad_norm", "Gradient norm", Quantity.RATIO),
            new Group("pairs_per_s", "Throughput, pairs/s", Quantity.AMOUNT),
            new Group("step_s", "Time of a step, s", Quantity.AMOUNT),
            new Group("data_s", "Of it waiting for data, s", Quantity.AMOUNT),
            new Group("peak_memory_mb", "Most memory held, MB", Quantity.LEVEL),
            new Group("bad_images", "Bad images replaced", Quantity.AMOUNT));

    /** None if nothing was logged. */
    List<LineChart> charts() {
        List<String> keys = runs.stream().flatMap(run -> run.keys().stream()).distinct().toList();
        List<String> others = keys.stream().filter(key -> GROUPS.stream().noneMatch(group -> key.startsWith(group.prefix()))).toList();
        List<LineChart> charts = new ArrayList<>();
        GROUPS.forEach(group -> charts.addAll(charts(group, keys.stream().filter(key -> key.startsWith(group.prefix())).toList())));
        others.forEach(key -> charts.addAll(charts(new Group(key, key, Quantity.LEVEL), List.of(key))));
        return charts.stream().filter(chart -> !chart.isEmpty()).toList();
    }

    private List<LineChart> charts(Group group, List<String> keys) {
        if (runs.size() == 1) {
            return List.of(new LineChart(group.title(), axis(), IntStream.range(0, keys.size())
                    .mapToObj(i -> runs.get(0).series(keys.get(i), i % LineChart.PALETTE)).toList(), group.quantity()));
        }
        return keys.stream().map(key -> new LineChart(keys.size() == 1 ? group.title() : group.title() + ": " + key, axis(), IntStream.range(0, runs.size())
                .mapToObj(i -> runs.get(i).series(key, 0).named(runs.get(i).name(), i % LineChart.PALETTE)).toList(), group.quantity())).toList();
    }

    /** Steps, with marks where phases begin if that is the same for all runs that have any. */
    LineChart.Axis axis() {
        List<List<LineChart.Mark>> all = runs.stream().map(RunLog::marks).filter(marks -> !marks.isEmpty()).distinct().toList();
        return new LineChart.Axis("step", all.size() == 1 ? all.get(0) : List.of(), List.of());
    }
}
