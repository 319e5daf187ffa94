package ai.modx.cli;

import ai.modx.data.ImageFolder;
import ai.modx.eval.ClassNames;
import ai.modx.eval.ClassNamesFile;
import ai.modx.eval.PromptTemplates;
import ai.modx.eval.ZeroShotClassifier;
import ai.modx.eval.ZeroShotReport;
import ai.modx.parallel.ReplicaGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code modx zero-shot}: classes by sentences about them. */
@Command(name = "zero-shot",
        header = "Classifies images by sentences about the classes.",
        description = {
            "A class's feature is the mean of the unit features of its prompts, every template with every name of the class, scaled to length 1.",
            "Of equal scores, the wrong class comes first."
        })
final class ZeroShotCommand implements Callable<Integer> {

    /** Of the names that several classes have. */
    private static final int SHOWN = 3;

    @Parameters(paramLabel = "FILE", description = "a checkpoint of any known format")
    private Path checkpoint;

    @Option(names = "--img_dir", required = true, paramLabel = "DIR", description = "images, a sub-folder for each class")
    private Path images;

    @Option(names = "--class_names", paramLabel = "FILE.txt",
            description = "lines of folder, tab, name[, synonym ...]; or names alone in the order of the folders (default: the folders' names)")
    private Optional<Path> names = Optional.empty();

    @Option(names = "--templates", paramLabel = "FILE.txt", description = "a sentence a line with {} for the name (default: a photo of a {}.)")
    private Optional<Path> templates = Optional.empty();

    @Option(names = "--out", paramLabel = "FILE.json", description = "file for the results, every image's prediction among them")
    private Optional<Path> out = Optional.empty();

    @Mixin
    private ModelOptions model;

    @Mixin
    private ComputingOptions computing;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        computing.check();
        out.ifPresent(file -> OutputPath.requireFile("--out", file, ".json"));
        ImageFolder folder = ImageFolder.read("--img_dir", images);
        ClassNames classes = names.map(file -> ClassNamesFile.read(file, folder.classes()))
                .orElseGet(() -> ClassNames.of(folder.classes()));
        folder.warnOfSingleClass("--img_dir");
        warnOfSharedNames(folder, classes);
        PromptTemplates sentences = templates.map(PromptTemplates::read).orElse(PromptTemplates.PHOTO);
        LoadedModel loaded = LoadedModel.read(checkpoint, model);
        try (ReplicaGroup replicas = new ReplicaGroup(loaded.config(), computing.computation(), computing.devices(), 1, loaded.checkpoint().model())) {
            ZeroShotReport report = new ZeroShotClassifier(replicas, computing.settings()).classify(folder, classes, sentences);
            spec.commandLine().getOut().print(report.toText());
            out.ifPresent(report::write);
        }
        return ExitCode.DONE;
    }

    /** No model can tell classes apart by a name that they share. */
    private static void warnOfSharedNames(ImageFolder folder, ClassNames classes) {
        Map<String, Set<Integer>> shared = classes.shared();
        if (shared.isEmpty()) {
            return;
        }
        List<String> told = new ArrayList<>();
        shared.forEach((name, numbers) -> told.add("'" + name + "' ("
                + numbers.stream().map(folder.classes()::get).collect(Collectors.joining(", ")) + ")"));
        String more = told.size() > SHOWN ? " and " + (told.size() - SHOWN) + " more" : "";
        LoggerFactory.getLogger(ZeroShotCommand.class) // here, so that help need not load a logger
                .warn("Several classes have the same name, by which no model can tell them apart: {}{}",
                        told.stream().limit(SHOWN).collect(Collectors.joining(", ")), more);
    }
}
