package ai.modx.cli;

import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointSummary;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code modx inspect}: what a checkpoint holds, whoever wrote it. */
@Command(name = "inspect",
        header = "Prints what a checkpoint holds.",
        description = "Reads torch files (zip or old format), TorchScript archives and safetensors; runs nothing in them.")
final class InspectCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "a checkpoint")
    private Path file;

    @Option(names = "--tensors", description = "list every tensor with its type and shape")
    private boolean tensors;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        CheckpointSummary.lines(Checkpoint.read(file), tensors).forEach(spec.commandLine().getOut()::println);
        return ExitCode.DONE;
    }
}
