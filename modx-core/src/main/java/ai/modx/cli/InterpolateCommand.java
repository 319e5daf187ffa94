package ai.modx.cli;

import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.WeightAverage.Part;
import ai.modx.config.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code modx interpolate}: a model between two others. */
@Command(name = "interpolate",
        header = "Writes a model between two others: (1 - alpha) A + alpha B.",
        description = {
            "As in WiSE-FT (Wortsman et al. 2022). logit_scale is interpolated as stored, which is its logarithm. Running statistics of batch "
            + "normalisation are interpolated like weights; of their counters, the larger is taken."
        })
final class InterpolateCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "A", description = "a checkpoint of any known format")
    private Path a;

    @Parameters(index = "1", paramLabel = "B", description = "another of the same architecture")
    private Path b;

    @Option(names = "--alpha", defaultValue = "0.5", paramLabel = "ALPHA", description = "share of B, 0 to 1 (default: ${DEFAULT-VALUE})")
    private double alpha;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "file to write; safetensors if its name ends so, else torch's format")
    private Path out;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!(alpha >= 0 && alpha <= 1)) {
            throw new ConfigException("--alpha " + alpha + ": expected a number from 0 to 1");
        }
        OutputPath.requireOtherFile("--out", out, List.of(a, b));
        new MixedModels(List.of(new Part(Checkpoint.read(a), 1 - alpha), new Part(Checkpoint.read(b), alpha))).write(OutputPath.inFolder(out));
        spec.commandLine().getOut().println(out + ": " + (1 - alpha) + " " + a + " + " + alpha + " " + b);
        return ExitCode.DONE;
    }
}
