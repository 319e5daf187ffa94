package ai.modx.cli;

import ai.djl.Device;
import ai.modx.bench.Benchmark;
import ai.modx.bench.BenchmarkReport;
import ai.modx.config.ConfigException;
import ai.modx.model.ModelTable;
import ai.modx.model.Precision;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code modx bench}: how fast the toolkit is on this machine. */
@Command(name = "bench",
        header = "Measures how fast this machine is.",
        description = "Medians after warm-up, as a table and as JSON: the steps of training runs, and their share of the rate of large matrix products; "
                + "loading, encoding, ranking, checkpoints, start-up. scripts/bench.sh trains the runs and calls this.")
final class BenchCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private EvaluationOptions data;

    @Option(names = "--run", paramLabel = "DIR", description = "folder of a training run, repeatable; models and precisions to measure are taken from the runs")
    private List<Path> runs = new ArrayList<>();

    @Option(names = "--warm_up", defaultValue = "2", paramLabel = "N", description = "steps of each run to leave out (default: ${DEFAULT-VALUE})")
    private int warmUp;

    @Option(names = "--model_config", paramLabel = "FILE", description = "model table (default: configs/model_config.yaml, else the built-in copy of it)")
    private Optional<Path> table = Optional.empty();

    @Option(names = "--devices", defaultValue = DeviceList.ALL, paramLabel = "LIST", description = "where to measure; the first one counts (default: ${DEFAULT-VALUE})")
    private DeviceList devices;

    @Option(names = "--out", paramLabel = "FILE.json", description = "write the figures as JSON")
    private Optional<Path> out = Optional.empty();

    @Override
    public Integer call() {
        FlagBounds.atLeast("--warm_up", warmUp, 0);
        ModelTable models = TrainingOptions.table(table);
        if (data.sources().size() != 1) {
            throw new ConfigException("--eval_name: give one data set to load and encode, " + data.sources().size() + " are given");
        }
        out.ifPresent(file -> OutputPath.requireFile("--out", file, ".json"));
        BenchmarkReport report = new BenchmarkReport(models);
        runs.forEach(run -> report.addRun(run, warmUp));
        Device device = devices.resolve(Precision.FP32).get(0);
        measure(report, new Benchmark(models, device, data.read().get(0)));
        PrintWriter screen = spec.commandLine().getOut();
        screen.print(report.toText());
        out.map(OutputPath::inFolder).ifPresent(report::write);
        return ExitCode.DONE;
    }

    private static void measure(BenchmarkReport report, Benchmark benchmark) {
        Logger log = LoggerFactory.getLogger(BenchCommand.class); // here, so that help need not load a logger
        Map<String, List<Precision>> models = report.models();
        models.values().stream().flatMap(List::stream).distinct().forEach(precision -> {
            log.info("Measuring matrix products in {}", precision);
            report.peak(precision, benchmark.matmul(precision));
        });
        models.forEach((model, precisions) -> {
            log.info("Measuring loading, encoding and checkpoints of {}", model);
            report.add(benchmark.loading(model));
            precisions.forEach(precision -> benchmark.encoding(model, precision).forEach(report::add));
            benchmark.checkpoints(model).forEach(report::add);
        });
        log.info("Measuring retrieval and start-up");
        report.add(benchmark.retrieval());
        report.add(Benchmark.startUp(help()));
    }

    /** This program again, for its help. */
    private static List<String> help() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Arrays.asList(java, "-cp", System.getProperty("java.class.path"), Modx.class.getName(), "--help");
    }
}
