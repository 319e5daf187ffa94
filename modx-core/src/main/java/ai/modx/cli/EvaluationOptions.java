package ai.modx.cli;

import ai.modx.config.ConfigException;
import ai.modx.eval.EvaluationSet;
import ai.modx.eval.EvaluationSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The flags that say what to evaluate retrieval on: one of each for every data set, in the same order. */
public final class EvaluationOptions {

    @ArgGroup(validate = false, order = 45, heading = "%nRetrieval evaluation (repeat these together for several data sets):%n")
    private final Sources sources = new Sources();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    private static final class Sources {

        @Option(names = "--eval_name", paramLabel = "NAME", description = "what the results are called, for example flickr30k")
        private List<String> names = new ArrayList<>();

        @Option(names = "--eval_annotation_file", paramLabel = "FILE",
                description = "Karpathy's JSON of the data set, such as dataset_coco.json or dataset_flickr30k.json; or a file in COCO's format")
        private List<Path> annotations = new ArrayList<>();

        @Option(names = "--eval_img_dir", paramLabel = "DIR", description = "folder of its images, or of the sub-folders that the JSON names")
        private List<Path> images = new ArrayList<>();

        @Option(names = "--eval_split", paramLabel = "SPLIT",
                description = "split of Karpathy's JSON, COCO's format has none; once for all data sets, or once for each (default: " + EvaluationSource.DEFAULT_SPLIT + ")")
        private List<String> splits = new ArrayList<>();
    }

    /**
     * The data sets in the order of the flags; empty if no flag is given. Nothing is read.
     *
     * @throws ConfigException if the flags do not belong together
     */
    public List<EvaluationSource> sources() {
        int count = sources.names.size();
        if (sources.annotations.size() != count || sources.images.size() != count) {
            throw new ConfigException("--eval_name is given " + times(count) + ", --eval_annotation_file " + times(sources.annotations.size())
                    + " and --eval_img_dir " + times(sources.images.size()) + ". Give each of them once for every data set");
        }
        if (sources.splits.size() > 1 && sources.splits.size() != count || count == 0 && !sources.splits.isEmpty()) {
            throw new ConfigException("--eval_split is given " + times(sources.splits.size()) + ", --eval_name " + times(count)
                    + ". Give a split once for all data sets, or once for each");
        }
        return IntStream.range(0, count).mapToObj(this::source).toList();
    }

    /**
     * Reads the data sets of {@link #sources()}.
     *
     * @throws ConfigException also if splits are given and none of the files has any
     */
    public List<EvaluationSet> read() {
        List<EvaluationSource> given = sources();
        SplitFlag.requireUse(command, "--eval_split", sources.splits, sources.annotations); // if one is given for each, COCO's keeps the place
        return given.stream().map(EvaluationSet::read).toList();
    }

    private EvaluationSource source(int index) {
        String name = sources.names.get(index);
        if (name.isBlank()) {
            throw new ConfigException("--eval_name '" + name + "': expected a name, by which results are kept");
        }
        return new EvaluationSource(name, sources.annotations.get(index), sources.images.get(index), split(index));
    }

    private String split(int index) {
        return switch (sources.splits.size()) {
            case 0 -> EvaluationSource.DEFAULT_SPLIT;
            case 1 -> sources.splits.get(0);
            default -> sources.splits.get(index);
        };
    }

    static String times(int count) {
        return switch (count) {
            case 0 -> "not at all";
            case 1 -> "once";
            case 2 -> "twice";
            default -> count + " times";
        };
    }
}
