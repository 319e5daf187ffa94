package ai.modx.cli;

import ai.modx.config.ConfigException;
import ai.modx.data.AnnotationFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** The flags that choose splits of annotation files: Karpathy's have them, COCO's do not. */
final class SplitFlag {

    private SplitFlag() {}

    /**
     * Refuses splits that none of the files could have.
     *
     * @param command whose flag it is
     * @param splits  its values
     * @param files   that they are for
     * @throws ConfigException if the flag is given and all files are in COCO's format
     */
    static void requireUse(CommandSpec command, String flag, List<String> splits, List<Path> files) {
        boolean given = command.commandLine().getParseResult().hasMatchedOption(flag); // or else the values are defaults
        if (given && files.stream().map(AnnotationFormat::of).allMatch(AnnotationFormat.COCO::equals)) {
            throw new ConfigException(flag + " " + String.join(",", splits) + ": COCO's format has no splits, and all images of "
                    + files.stream().map(Path::toString).collect(Collectors.joining(" and ")) + " are used. Leave the flag out");
        }
    }
}
