package ai.modx.cli;

import ai.modx.checkpoint.ExportFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code modx export}: a model that runs without this toolkit. */
@Command(name = "export",
        header = "Writes a model as one TorchScript file that runs on its own.",
        description = {
            "Python's torch.jit.load, DJL and C++ run it (torch 2.0 or newer), in float32:",
            "  encode_image(image)   uint8 (B, S, S, 3), or float32 (B, 3, S, S) normalised by mean and std",
            "  encode_text(text)     token ids (B, L)",
            "  forward(image, text)  cosines times the learned scale, per image and per text",
            "Features are not normalised. Attributes: mean, std, input_resolution (S), context_length (the largest L), vocab_size. The state_dict is OpenAI's."
        })
final class ExportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "a checkpoint of any known format")
    private Path checkpoint;

    @Option(names = "--out", required = true, paramLabel = "FILE.pt", description = "file to write")
    private Path out;

    @Mixin
    private ModelOptions model;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        OutputPath.requireOtherTorchFile("--out", out, checkpoint);
        LoadedModel loaded = LoadedModel.read(checkpoint, model);
        ExportFile.write(OutputPath.inFolder(out), loaded.config(), loaded.checkpoint().model());
        spec.commandLine().getOut().println(out + ": " + loaded.name() + " as a TorchScript archive");
        return ExitCode.DONE;
    }
}
