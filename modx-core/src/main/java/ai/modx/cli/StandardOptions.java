package ai.modx.cli;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The flags that every command and subcommand has; {@link CommandRunner} adds them. */
final class StandardOptions {

    static final String HELP = "--help";
    static final String VERSION = "--version";
    static final String VERBOSE = "--verbose";
    static final String QUIET = "--quiet";

    @ArgGroup(validate = false, heading = "%nGeneral:%n", order = 100)
    private final General general = new General();

    /** A group, so that the help lists them last. */
    private static final class General {

        @Option(names = {"-h", HELP}, usageHelp = true, description = "show this help and exit")
        private boolean help;

        @Option(names = VERSION, versionHelp = true, description = "show the versions of the toolkit, DJL, libtorch and Java and exit")
        private boolean version;

        @Option(names = {"-v", VERBOSE}, description = "log details, and show stack traces of errors")
        private boolean verbose;

        @Option(names = {"-q", QUIET}, description = "log warnings and errors only")
        private boolean quiet;
    }
}
