package ai.modx.cli;

import ai.modx.config.ConfigException;
import ai.modx.data.DataException;
import ai.modx.data.ImageFolder;
import ai.modx.data.ListFile;
import ai.modx.data.StopRequest;
import ai.modx.eval.EvaluationSet;
import ai.modx.eval.FeatureEncoder;
import ai.modx.eval.FeatureFile;
import ai.modx.parallel.ReplicaGroup;
import ai.modx.text.ClipTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code modx encode}: features for programs of the user's own. */
@Command(name = "encode",
        header = "Writes features of images and texts.",
        description = {
            "Of image files and lines of text, or of a data set. The file has image_features (N, E) and text_features (M, E); its metadata has the "
            + "JSON lists images and texts, in the order of the rows, and for a data set owners, the row of each text's image."
        })
final class EncodeCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "a checkpoint of any known format")
    private Path checkpoint;

    @Option(names = "--images", arity = "1..*", paramLabel = "FILE|DIR", description = "images, and folders of images; in the order given, folders by name")
    private List<Path> images = List.of();

    @Option(names = "--texts", paramLabel = "FILE.txt", description = "texts, one a line; empty lines are left out")
    private Optional<Path> texts = Optional.empty();

    @Mixin
    private DataSetOptions dataSet;

    @Option(names = "--normalize", description = "scale features to length 1")
    private boolean normalize;

    @Option(names = "--out", required = true, paramLabel = "FILE.safetensors", description = "file to write")
    private Path out;

    @Mixin
    private ModelOptions model;

    @Mixin
    private ComputingOptions computing;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        computing.check();
        boolean files = !images.isEmpty() || texts.isPresent();
        if (files == dataSet.given()) {
            throw new ConfigException((files ? "Two kinds of data are given. Encode" : "Nothing to encode: give")
                    + " either --images, --texts or both, or --annotation_file and --img_dir");
        }
        OutputPath.requireOtherFile("--out", out, List.of(checkpoint), ".safetensors");
        FeatureFile features = files ? ofFiles() : ofDataSet();
        LoadedModel loaded = LoadedModel.read(checkpoint, model);
        try (ReplicaGroup replicas = new ReplicaGroup(loaded.config(), computing.computation(), computing.devices(), 1, loaded.checkpoint().model())) {
            features.write(OutputPath.inFolder(out), new FeatureEncoder(replicas, ClipTokenizer.load(), computing.settings(), new StopRequest()), loaded.config().embedDim());
        }
        spec.commandLine().getOut().println(out + ": " + features);
        return ExitCode.DONE;
    }

    private FeatureFile ofFiles() {
        List<Path> all = new ArrayList<>();
        for (Path path : images) {
            if (!Files.exists(path)) {
                throw new DataException("--images " + path + " does not exist");
            }
            all.addAll(Files.isDirectory(path) ? ImageFolder.images(path) : List.of(path));
        }
        if (!images.isEmpty() && all.isEmpty()) {
            throw new DataException("--images " + images.get(0) + " holds no image");
        }
        List<String> lines = texts.map(file -> ListFile.read("--texts", file, "a file with a text a line").texts()).orElse(List.of());
        return new FeatureFile(all, all.stream().map(Path::toString).toList(), lines, new int[0], normalize);
    }

    private FeatureFile ofDataSet() {
        EvaluationSet set = dataSet.read();
        List<String> names = set.images().stream().map(image -> dataSet.imageDir().relativize(image).toString()).toList();
        return new FeatureFile(set.images(), names, set.captions(), set.owners(), normalize);
    }
}
