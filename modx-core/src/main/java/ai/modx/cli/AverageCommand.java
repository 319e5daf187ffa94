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

/** The command {@code modx average}: one model of several. */
@Command(name = "average",
        header = "Writes the mean of several models.",
        description = {
            "The uniform soup of Wortsman et al. (2022). logit_scale is averaged as stored, which is its logarithm. Running statistics of batch "
            + "normalisation are averaged like weights; of their counters, the largest is taken."
        })
final class AverageCommand implements Callable<Integer> {

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "checkpoints of one architecture, of any known format")
    private List<Path> files;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "file to write; safetensors if its name ends so, else torch's format")
    private Path out;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (files.size() < 2) {
            throw new ConfigException("Give at least two checkpoints; one is given: " + files.get(0));
        }
        OutputPath.requireOtherFile("--out", out, files);
        new MixedModels(files.stream().map(file -> new Part(Checkpoint.read(file), 1.0 / files.size())).toList()).write(OutputPath.inFolder(out));
        spec.commandLine().getOut().println(out + ": mean of " + files.size() + " models");
        return ExitCode.DONE;
    }
}
