package ai.modx.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The flag {@code --config}, a mixin for commands that take recipes; {@link CommandRunner} reads the file. */
public final class RecipeOption {

    static final String CONFIG = "--config";

    @Option(names = CONFIG, paramLabel = "RECIPE.yaml",
            description = "values for flags, as lines 'flag: value'; flags on the command line win")
    private Path file;

    /** The recipe, if one was given. */
    public Optional<Path> file() {
        return Optional.ofNullable(file);
    }
}
