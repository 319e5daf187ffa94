package ai.modx.cli;

import ai.modx.checkpoint.AtomicFile;
import ai.modx.config.ConfigException;
import ai.modx.data.DataCheck;
import ai.modx.data.DataProblem;
import ai.modx.data.DataReport;
import ai.modx.text.ClipTokenizer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code modx check-data}: all that is wrong with data sets, before a run finds the first of it. */
@Command(name = "check-data",
        header = "Finds all that is wrong with data sets: broken images, captions, duplicates.",
        description = {
            "Reads annotation files (COCO's or Karpathy's, told by content) and folders with classes as training does, and loads every image.",
            "Ends with 3 if training would fail on something: what --on_bad_image skip would leave out counts too."
        })
final class CheckDataCommand implements Callable<Integer> {

    private static final int SHOWN = 20;

    @Option(names = "--annotation_file", paramLabel = "FILE", description = "a JSON file of COCO or Karpathy, repeatable")
    private List<Path> annotations = new ArrayList<>();

    @Option(names = "--img_dir", paramLabel = "DIR", description = "folder of its images; once for each annotation file")
    private List<Path> images = new ArrayList<>();

    @Option(names = "--splits", split = ",", paramLabel = "SPLIT", description = "of Karpathy's files, only these splits (default: all)")
    private List<String> splits = new ArrayList<>();

    @Option(names = "--image_folder", paramLabel = "DIR", description = "a folder with a sub-folder for each class, as linear-eval takes it, repeatable")
    private List<Path> folders = new ArrayList<>();

    @Option(names = "--context_length", defaultValue = "77", paramLabel = "N",
            description = "tokens that the model takes; longer captions are told (default: ${DEFAULT-VALUE})")
    private int contextLength;

    @Option(names = "--num_workers", defaultValue = "8", paramLabel = "N", description = "threads that load images (default: ${DEFAULT-VALUE})")
    private int workers;

    @Option(names = "--list", paramLabel = "FILE", description = "write all problems to this file, one a line; the screen shows the first " + SHOWN)
    private Optional<Path> list = Optional.empty();

    @Option(names = "--out", paramLabel = "FILE.json", description = "write counts and problems as JSON")
    private Optional<Path> json = Optional.empty();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        requireSensible();
        SplitFlag.requireUse(spec, "--splits", splits, annotations);
        DataCheck check = new DataCheck(ClipTokenizer.load(), contextLength, workers);
        for (int i = 0; i < annotations.size(); i++) {
            check.captions(annotations.get(i), images.get(i), Set.copyOf(new TreeSet<>(splits)));
        }
        folders.forEach(folder -> check.folder("--image_folder", folder));
        DataReport report = check.report();
        print(report, spec.commandLine().getOut());
        list.ifPresent(file -> write(file, report.problems().stream().map(problem -> problem + "\n").collect(Collectors.joining())));
        json.ifPresent(file -> write(file, json(report)));
        return report.isFatal() ? ExitCode.DATA : ExitCode.DONE;
    }

    private void requireSensible() {
        FlagBounds.atLeast("--context_length", contextLength, 2);
        FlagBounds.workers("--num_workers", workers);
        FlagBounds.atLeast("--num_workers", workers, 1);
        if (annotations.size() != images.size()) {
            throw new ConfigException("--annotation_file is given " + EvaluationOptions.times(annotations.size()) + " and --img_dir "
                    + EvaluationOptions.times(images.size()) + ". Give each of them once for every data set");
        }
        if (annotations.isEmpty() && folders.isEmpty()) {
            throw new ConfigException("Nothing to check: give --annotation_file and --img_dir, or --image_folder");
        }
        list.ifPresent(file -> OutputPath.requireFile("--list", file));
        json.ifPresent(file -> OutputPath.requireFile("--out", file, ".json"));
    }

    private static void print(DataReport report, PrintWriter out) {
        report.parts().forEach(part -> out.println(part.name() + ": " + part.images() + " images"
                + (part.captions() > 0 ? " with " + part.captions() + " captions" : "")));
        if (report.problems().isEmpty()) {
            out.println("No problems found");
            return;
        }
        out.println();
        report.counts().forEach((defect, count) -> out.printf(Locale.ROOT, "%7d  %s%s%n", count, defect.words(), defect.isFatal() ? "  (training fails)" : ""));
        out.println();
        report.problems().stream().limit(SHOWN).forEach(out::println);
        if (report.problems().size() > SHOWN) {
            out.println("and " + (report.problems().size() - SHOWN) + " more; --list FILE writes all");
        }
    }

    private static String json(DataReport report) {
        Map<String, Object> counts = new LinkedHashMap<>();
        report.counts().forEach((defect, count) -> counts.put(key(defect), count));
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("data", report.parts());
        root.put("training_fails", report.isFatal());
        root.put("counts", counts);
        root.put("problems", report.problems().stream().map(CheckDataCommand::entry).toList());
        try {
            return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> entry(DataProblem problem) {
        Map<String, String> entry = new LinkedHashMap<>();
        entry.put("defect", key(problem.defect()));
        entry.put("where", problem.where());
        entry.put("what", problem.what());
        return entry;
    }

    private static String key(Enum<?> defect) {
        return defect.name().toLowerCase(Locale.ROOT);
    }

    private static void write(Path file, String text) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(OutputPath.inFolder(file), out -> {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        });
    }
}
