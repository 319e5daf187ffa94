package ai.modx.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * The arguments of a command line with every flag spelled as its command declares it ({@code --num-workers} becomes
 * {@code --num_workers}, {@code --no_dry_run} becomes {@code --dry_run=false}), and where values of a recipe fit in.
 */
final class CommandArguments {

    private static final String END_OF_FLAGS = "--";
    /** YAML 1.1's. They are words like any others for a flag that takes text. */
    private static final Map<String, String> BOOLEANS = Map.of("yes", "true", "on", "true", "no", "false", "off", "false");

    private final CommandSpec command;
    private final List<String> words;
    private final int firstFlag;

    /**
     * @param command   the innermost subcommand that the words name
     * @param firstFlag index of the word after its name
     */
    private CommandArguments(CommandSpec command, List<String> words, int firstFlag) {
        this.command = command;
        this.words = List.copyOf(words);
        this.firstFlag = firstFlag;
    }

    /** @throws ParameterException at a flag that the command does not have, or that is given twice */
    static CommandArguments of(CommandLine root, String... arguments) {
        CommandSpec command = root.getCommandSpec();
        List<String> words = new ArrayList<>();
        int firstFlag = 0;
        boolean flags = true;
        for (String argument : arguments) {
            flags &= !argument.equals(END_OF_FLAGS);
            words.add(flags && argument.startsWith("--") ? new FlagSpelling(command).of(argument) : argument);
            CommandLine subcommand = flags ? command.subcommands().get(argument) : null;
            if (subcommand != null) {
                command = subcommand.getCommandSpec();
                firstFlag = words.size();
            }
        }
        return new CommandArguments(command, words, firstFlag).requireOnce();
    }

    /** Picocli checks this itself, but not in groups. */
    private CommandArguments requireOnce() {
        for (OptionSpec option : command.options()) {
            if (!option.isMultiValue() && flags().stream().filter(word -> isFlag(word, option.longestName())).count() > 1) {
                throw new ParameterException(command.commandLine(), option.longestName() + " is given more than once");
            }
        }
        return this;
    }

    CommandSpec command() {
        return command;
    }

    List<String> words() {
        return words;
    }

    /** Whether a flag of the command, spelled as declared, is among the words. */
    boolean has(String flag) {
        return flags().stream().anyMatch(word -> isFlag(word, flag));
    }

    /** Whether only help or versions are wanted, so that nothing else needs to be right. */
    boolean askForHelp() {
        return flags().stream().anyMatch(List.of("-h", StandardOptions.HELP, StandardOptions.VERSION)::contains);
    }

    /** The value of a flag of the command; empty if the flag is absent or the last word. */
    Optional<String> value(String flag) {
        List<String> flags = flags();
        for (int i = 0; i < flags.size(); i++) {
            if (flags.get(i).startsWith(flag + "=")) {
                return Optional.of(flags.get(i).substring(flag.length() + 1));
            }
            if (flags.get(i).equals(flag) && i + 1 < flags.size()) {
                return Optional.of(flags.get(i + 1));
            }
        }
        return Optional.empty();
    }

    /**
     * The same with values for flags that are not given.
     *
     * @param defaults values by flag without its dashes
     */
    CommandArguments withDefaults(Map<String, List<String>> defaults) {
        List<String> all = new ArrayList<>(words);
        defaults.forEach((name, values) -> {
            OptionSpec option = command.findOption("--" + name);
            String flag = option.longestName();
            if (option.isMultiValue() && !has(flag)) {
                all.addAll(firstFlag, values.stream().map(value -> flag + "=" + value).toList());
            } else if (!has(flag)) {
                String value = String.join(",", values);
                all.add(firstFlag, flag + "=" + (option.typeInfo().isBoolean()
                        ? BOOLEANS.getOrDefault(value.toLowerCase(Locale.ROOT), value) : value));
            }
        });
        return new CommandArguments(command, all, firstFlag);
    }

    private static boolean isFlag(String word, String flag) {
        return word.equals(flag) || word.startsWith(flag + "=");
    }

    private List<String> flags() {
        int end = words.indexOf(END_OF_FLAGS);
        return words.subList(firstFlag, end < firstFlag ? words.size() : end);
    }
}
