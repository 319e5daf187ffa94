package ai.modx.cli;

import ai.modx.config.ConfigException;
import ai.modx.data.AnnotationFormat;
import ai.modx.data.CaptionDataset;
import ai.modx.data.KarpathyCaptions;
import ai.modx.data.PhaseSplit;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The flags of training in phases: the data, and which part of them. */
public final class PhasedOptions {

    @ArgGroup(validate = false, order = 10, heading = "%nData and phases:%n")
    private final Phases phases = new Phases();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    private static final class Phases {

        @Option(names = "--train_annotation_file", required = true, paramLabel = "FILE",
                description = "Karpathy's dataset_flickr30k.json; or any file in its format or COCO's")
        private Path annotations;

        @Option(names = "--train_img_dir", required = true, paramLabel = "DIR", description = "folder of its images")
        private Path images;

        @Option(names = "--train_splits", split = ",", defaultValue = KarpathyCaptions.TRAINING_SPLITS, paramLabel = "SPLIT",
                description = "splits of the file to train on; the original takes val too; COCO's format has none (default: ${DEFAULT-VALUE})")
        private List<String> splits;

        @Option(names = "--start", defaultValue = "0", paramLabel = "K", description = "first phase, counted from 0 (default: ${DEFAULT-VALUE})")
        private int start;

        @Option(names = "--end", paramLabel = "K",
                description = "train on the phases before this one (default: --start + 1; with --all_phases the number of phases)")
        private Optional<Integer> end = Optional.empty();

        @Option(names = "--num_phases", defaultValue = "5", paramLabel = "N", description = "parts that the data are cut into (default: ${DEFAULT-VALUE})")
        private int count;

        @Option(names = "--phase_split", defaultValue = "contiguous", paramLabel = "S",
                description = "contiguous: parts of the file in its order, as released; shuffled: of a random order by --seed (default: ${DEFAULT-VALUE})")
        private Split split;

        @Option(names = "--all_phases",
                description = "run phase after phase, each from the final checkpoint of the one before, in folders phase_1, phase_2, ...; "
                        + "what is finished is skipped, what was interrupted is continued")
        private boolean all;
    }

    /** The value of {@code --phase_split}. */
    private enum Split {
        CONTIGUOUS,
        SHUFFLED
    }

    boolean all() {
        return phases.all;
    }

    int start() {
        return phases.start;
    }

    int end() {
        return phases.end.orElse(phases.all ? phases.count : phases.start + 1);
    }

    /** @throws ConfigException if the phases that are asked for do not exist */
    void check() {
        FlagBounds.atLeast("--num_phases", phases.count, 1);
        if (phases.start < 0 || phases.start >= end() || end() > phases.count) {
            throw new ConfigException("--start " + phases.start + " --end " + end() + ": expected 0 <= start < end <= " + phases.count
                    + ", the number of phases");
        }
    }

    /** Reads the data. @throws ConfigException if splits are given for a file that has none */
    CaptionDataset read() {
        SplitFlag.requireUse(command, "--train_splits", phases.splits, List.of(phases.annotations));
        return AnnotationFormat.read(phases.annotations, phases.images, new LinkedHashSet<>(phases.splits));
    }

    /** The data of phases {@code start} to {@code end - 1}. */
    CaptionDataset slice(CaptionDataset data, int start, int end, long seed) {
        return new PhaseSplit(phases.count, phases.split == Split.SHUFFLED, seed).slice(data, start, end);
    }

    /** What a run of these phases must have in common with the one it continues. */
    Map<String, Object> identity(int start, int end) {
        Map<String, Object> identity = new LinkedHashMap<>();
        identity.put("start", start);
        identity.put("end", end);
        identity.put("num_phases", phases.count);
        identity.put("phase_split", phases.split.name().toLowerCase(Locale.ROOT));
        return identity;
    }
}
