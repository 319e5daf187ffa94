package ai.modx.cli;

import ai.modx.checkpoint.CheckpointDifference;
import ai.modx.checkpoint.CheckpointSummary;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code modx inspect}: what a checkpoint holds, whoever wrote it, and in what another differs from it. */
@Command(name = "inspect",
        header = "Prints what a checkpoint holds, or how two differ.",
        description = {
            "Reads torch files (zip or old format), TorchScript archives and safetensors; runs nothing in them.",
            "Of two files, every value and every bit of the tensors is compared; the exit code is 1 if they differ."
        })
final class InspectCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "FILE", description = "a checkpoint")
    private Path file;

    @Parameters(index = "1", arity = "0..1", paramLabel = "OTHER", description = "another one, to compare with")
    private Optional<Path> other = Optional.empty();

    @Option(names = "--tensors", description = "list every tensor with its type and shape; of two files, the optimizer's differences one by one")
    private boolean tensors;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        return other.map(this::compare).orElseGet(this::describe);
    }

    private int describe() {
        CheckpointSummary.lines(file, tensors).forEach(spec.commandLine().getOut()::println);
        return ExitCode.DONE;
    }

    private int compare(Path second) {
        CheckpointDifference difference = CheckpointDifference.between(file, second);
        PrintWriter out = spec.commandLine().getOut();
        if (difference.differences().isEmpty()) {
            out.println("Equal in all of " + difference.values() + " values");
            return ExitCode.DONE;
        }
        difference.lines(tensors).forEach(out::println);
        out.println("Different in " + difference.differences().size() + " of " + difference.values() + " values");
        return ExitCode.DIFFERENT;
    }
}
