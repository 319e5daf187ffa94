package ai.modx.cli;

import ai.modx.config.ConfigException;
import ai.modx.torch.Versions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/**
 * Runs a picocli command the way all commands of the toolkit behave: one spelling rule for flags, recipes, help, short errors,
 * the exit codes of {@link ExitCode}. A command is a {@code Callable<Integer>} that returns its exit code and throws the
 * exceptions of the layers below as they are.
 */
public final class CommandRunner {

    /** Stands before flags that a command cannot do without. */
    private static final char REQUIRED = '*';

    /** Of help, where no terminal is narrower. */
    private static final int USUAL_COLUMNS = 110;
    /** Picocli's own limit. */
    private static final int FEWEST_COLUMNS = 55;

    private final PrintWriter err;
    private final CommandLine commandLine;

    private CommandRunner(PrintWriter out, PrintWriter err, Object command) {
        this.err = err;
        this.commandLine = new CommandLine(command);
        prepare(commandLine);
        commandLine.setOut(out);
        commandLine.setErr(err);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setAllowOptionsAsOptionParameters(false);
        commandLine.registerConverter(DeviceList.class, DeviceList::parse);
        commandLine.registerConverter(String.class, String::strip); // the elements of lists with a blank after the comma
        commandLine.registerConverter(Path.class, CommandRunner::path);
    }

    /** Nothing, as of a shell variable that is not set, would be the current folder. */
    private static Path path(String value) {
        if (value.isBlank()) {
            throw new TypeConversionException("expected a path");
        }
        if (value.matches("[a-z0-9]{2,}://.*")) {
            throw new TypeConversionException("expected a path. Nothing is downloaded: get the file first");
        }
        if (value.matches("(~(/.*)?|\\$\\{?\\w.*)")) {
            throw new TypeConversionException("expected a path. Only a shell replaces its beginning, which none did here: write it out");
        }
        return Path.of(value);
    }

    /** Runs a command as the whole of this process and ends it with the command's exit code. */
    public static void exit(Object command, String... arguments) {
        PrintWriter out = new PrintWriter(System.out, true);
        PrintWriter err = new PrintWriter(System.err, true);
        System.exit(run(out, err, command, arguments));
    }

    /**
     * Runs a command.
     *
     * @param out     where results and help go
     * @param err     where errors go
     * @param command an object with picocli's annotations; one that is not callable only groups subcommands
     * @return the exit code
     */
    public static int run(PrintWriter out, PrintWriter err, Object command, String... arguments) {
        CommandRunner runner = new CommandRunner(out, err, command);
        int exitCode = runner.run(runner.withoutHelp(arguments));
        out.flush();
        err.flush();
        return exitCode;
    }

    private static void prepare(CommandLine commandLine) {
        CommandSpec spec = commandLine.getCommandSpec();
        spec.addMixin("standard", CommandSpec.forAnnotatedObject(new StandardOptions()));
        spec.versionProvider(Versions::lines);
        spec.usageMessage()
                .width(USUAL_COLUMNS)
                .longOptionsMaxWidth(36)
                .abbreviateSynopsis(true)
                .sortOptions(false)
                .requiredOptionMarker(REQUIRED)
                .commandListHeading("%nCommands:%n")
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(ExitCode.descriptions());
        if (spec.options().stream().anyMatch(ArgSpec::required)) {
            spec.usageMessage().footer("", REQUIRED + " stands before what must be given, on the command line or in a recipe.");
        }
        spec.subcommands().values().forEach(CommandRunner::prepare);
    }

    /** {@code help retrieval} is {@code retrieval --help}; for help about what is no command, the refusal of that. */
    private String[] withoutHelp(String... words) {
        Set<String> subcommands = commandLine.getSubcommands().keySet();
        if (subcommands.isEmpty() || words.length == 0 || !words[0].equals("help")) {
            return words;
        }
        Stream<String> help = words.length == 1 || subcommands.contains(words[1]) ? Stream.of(StandardOptions.HELP) : Stream.empty();
        return Stream.concat(Arrays.stream(words).skip(1), help).toArray(String[]::new);
    }

    private int run(String... words) {
        if (words.length == 0) {
            return help(commandLine);
        }
        CommandArguments given;
        RecipeValues recipe;
        try {
            given = CommandArguments.of(commandLine, words);
            recipe = RecipeValues.of(given);
        } catch (ParameterException e) {
            return usage(e.getCommandLine(), e.getMessage());
        } catch (ConfigException e) {
            return fail(commandLine, Failure.of(e, commandLine.getCommandSpec()));
        }
        return parseAndCall(recipe, recipe.merged());
    }

    private int parseAndCall(RecipeValues recipe, CommandArguments arguments) {
        CommandLine command = arguments.command().commandLine();
        ParseResult parsed;
        try {
            parsed = commandLine.parseArgs(arguments.words().toArray(String[]::new));
            if (parsed.asCommandLineList().stream().anyMatch(CommandLine::isUsageHelpRequested)) {
                commandLine.setUsageHelpWidth(columns());
            }
            Integer asked = CommandLine.executeHelpRequest(parsed);
            if (asked != null) {
                return asked;
            }
            UsageError.requireAll(parsed);
        } catch (ParameterException e) {
            return usage(e.getCommandLine(), recipe.located(UsageError.flag(e), UsageError.message(e, arguments)));
        }
        LogLevels.apply(parsed);
        return command.getCommand() instanceof Callable<?> callable
                ? call(callable, command, recipe, LogLevels.verbose(parsed))
                : help(command);
    }

    private int call(Callable<?> callable, CommandLine command, RecipeValues recipe, boolean verbose) {
        try {
            return callable.call() instanceof Integer exitCode ? exitCode : ExitCode.DONE;
        } catch (ParameterException e) {
            return usage(command, e.getMessage());
        } catch (Throwable e) { // errors as well: whatever happens, it ends in a sentence and an exit code
            if (verbose) {
                e.printStackTrace(err);
            }
            Failure failure = Failure.of(e, command.getCommandSpec());
            return fail(command, e instanceof ConfigException ? failure.locatedBy(recipe) : failure);
        }
    }

    /** As wide as the terminal that stdout goes to, if that is less than usual. */
    private static int columns() {
        int columns = TerminalWidth.ofOutput();
        return columns == TerminalWidth.NONE ? USUAL_COLUMNS : Math.max(FEWEST_COLUMNS, Math.min(USUAL_COLUMNS, columns));
    }

    private int help(CommandLine command) {
        command.setUsageHelpWidth(columns()).usage(err);
        return ExitCode.USAGE;
    }

    private int usage(CommandLine command, String message) {
        String name = command.getCommandSpec().qualifiedName();
        return fail(command, new Failure(ExitCode.USAGE, message + "\nRun '" + name + " --help' for all flags."));
    }

    private int fail(CommandLine command, Failure failure) {
        err.println(command.getCommandSpec().qualifiedName() + ": " + failure.message());
        return failure.exitCode();
    }
}
