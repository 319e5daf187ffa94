package ai.modx.cli;

import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointException;
import ai.modx.checkpoint.ConvertedModel;
import ai.modx.checkpoint.Layout;
import ai.modx.config.ConfigException;
import ai.modx.train.StatedModel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code modx convert}: a model for another project. */
@Command(name = "convert",
        header = "Writes a model in the files that another project loads.",
        description = {
            "  openai        file: TorchScript archive for clip.load; the same as modx export writes",
            "  original      file: the dict of the Mod-X Python release",
            "  safetensors   file: weights under OpenAI's names",
            "  open_clip     folder: open_clip.create_model('local-dir:DIR')",
            "  huggingface   folder: CLIPModel and CLIPProcessor.from_pretrained('DIR'); image tower a ViT"
        })
final class ConvertCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "a checkpoint of any known format, model.safetensors of Hugging Face and open_clip among them")
    private Path file;

    @Option(names = "--to", required = true, paramLabel = "LAYOUT", description = "${COMPLETION-CANDIDATES}")
    private Layout to;

    @Option(names = "--out", required = true, paramLabel = "FILE|DIR", description = "file to write, or new or empty folder")
    private Path out;

    @Option(names = "--keep_optimizer", description = "AdamW's state goes along; only original has a place for it")
    private boolean keepOptimizer;

    @Mixin
    private ModelOptions model;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (keepOptimizer && !to.holdsOptimizer()) {
            throw new ConfigException("--keep_optimizer: " + to + " has no place for an optimizer's state; " + Layout.ORIGINAL + " has");
        }
        if (to.isFolder()) {
            OutputPath.requireNewFolder("--out", out);
        } else if (to == Layout.SAFETENSORS) {
            OutputPath.requireOtherFile("--out", out, List.of(file), ".safetensors");
        } else {
            OutputPath.requireOtherTorchFile("--out", out, file);
        }
        LoadedModel of = LoadedModel.read(file, model);
        Checkpoint checkpoint = of.checkpoint();
        if (keepOptimizer && checkpoint.optimizer().isEmpty()) {
            throw new CheckpointException(file + " has no state of AdamW that could be kept. Convert it without --keep_optimizer");
        }
        new ConvertedModel(checkpoint, of.config()).write(to, OutputPath.inFolder(out), StatedModel.entry(of.config()), keepOptimizer);
        spec.commandLine().getOut().println(out + ": " + of.name() + " for " + to);
        return ExitCode.DONE;
    }
}
