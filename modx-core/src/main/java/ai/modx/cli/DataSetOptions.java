package ai.modx.cli;

import ai.modx.config.ConfigException;
import ai.modx.eval.EvaluationSet;
import ai.modx.eval.EvaluationSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The flags that name one data set of images with captions. */
final class DataSetOptions {

    @ArgGroup(validate = false, order = 45, heading = "%nData set:%n")
    private final Source source = new Source();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    private static final class Source {

        @Option(names = "--annotation_file", paramLabel = "FILE",
                description = "Karpathy's JSON, such as dataset_coco.json or dataset_flickr30k.json; or a file in COCO's format")
        private Optional<Path> annotations = Optional.empty();

        @Option(names = "--img_dir", paramLabel = "DIR", description = "folder of its images, or of the sub-folders that the JSON names")
        private Optional<Path> images = Optional.empty();

        @Option(names = "--split", defaultValue = EvaluationSource.DEFAULT_SPLIT, paramLabel = "SPLIT",
                description = "split of Karpathy's JSON; COCO's format has none (default: ${DEFAULT-VALUE})")
        private String split;
    }

    boolean given() {
        return source.annotations.isPresent() || source.images.isPresent();
    }

    Path imageDir() {
        return source.images.orElseThrow();
    }

    /** Reads the data set. @throws ConfigException unless both flags are given */
    EvaluationSet read() {
        if (source.annotations.isEmpty() || source.images.isEmpty()) {
            throw new ConfigException("Give the data set with both --annotation_file and --img_dir");
        }
        SplitFlag.requireUse(command, "--split", List.of(source.split), List.of(source.annotations.get()));
        return EvaluationSet.read(new EvaluationSource("data", source.annotations.get(), source.images.get(), source.split));
    }
}
