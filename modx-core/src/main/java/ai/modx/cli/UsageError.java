package ai.modx.cli;

import ai.modx.config.ConfigException;
import ai.modx.config.NearestName;
import ai.modx.config.ShellWords;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Words a mistake on the command line our way: the flag, the value given, what was expected. */
final class UsageError {

    private UsageError() {}

    static String message(ParameterException e, CommandArguments arguments) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched.getUnmatched().get(0), e.getCommandLine().getCommandSpec());
        }
        if (e instanceof MissingParameterException missing) {
            return missing.getMissing().stream().map(argument -> missing(argument, arguments)).collect(Collectors.joining("; "));
        }
        if (e.getCause() instanceof ConfigException) {
            return e.getCause().getMessage(); // of one of our own types of value, which word it fully
        }
        if (e.getArgSpec() != null && e.getValue() != null) {
            return name(e.getArgSpec()) + " " + (e.getValue().isBlank() ? "is empty" : e.getValue()) + ": " + expected(e);
        }
        return e.getMessage();
    }

    /** The flag that a mistake is about, or an empty text. */
    static String flag(ParameterException e) {
        return e.getArgSpec() instanceof OptionSpec option ? option.longestName() : "";
    }

    /** Refuses missing flags that are declared in groups, which picocli does not check. */
    static void requireAll(ParseResult parsed) {
        for (CommandLine command : parsed.asCommandLineList()) {
            List<ArgSpec> missing = command.getCommandSpec().options().stream()
                    .filter(option -> option.required() && !command.getParseResult().hasMatchedOption(option))
                    .map(ArgSpec.class::cast)
                    .toList();
            if (!missing.isEmpty()) {
                throw new MissingParameterException(command, missing, "missing flags");
            }
        }
    }

    private static String unmatched(String word, CommandSpec command) {
        if (word.startsWith("-")) {
            return new FlagSpelling(command).unknown(word);
        }
        if (!command.subcommands().isEmpty()) {
            return "unknown command '" + word + "'." + NearestName.didYouMean(word, command.subcommands().keySet(), "'%s'");
        }
        return "unexpected argument '" + word + "'" + Stream.of("--checkpoint_path", "--cnn")
                .filter(flag -> command.findOption(flag) != null && word.matches(".*\\.(pt|pth|safetensors)")).findFirst()
                .map(flag -> ". Did you mean " + flag + " " + ShellWords.quote(word) + "?").orElse("");
    }

    private static String missing(ArgSpec argument, CommandArguments arguments) {
        if (argument instanceof OptionSpec option && arguments.has(option.longestName())) {
            return option.longestName() + " needs a value: " + option.paramLabel();
        }
        String description = argument.description().length == 0 ? "" : " (" + argument.description()[0] + ")";
        return name(argument) + " is required" + description + argument.command().options().stream()
                .filter(option -> argument.isPositional() && option.arity().isVariable() && arguments.has(option.longestName())).findFirst()
                .map(option -> ". All words after " + option.longestName() + " belong to it: give " + name(argument) + " before it").orElse("");
    }

    private static String expected(ParameterException e) {
        boolean wrapped = e.getArgSpec().isMultiValue() || e.getArgSpec().type() == Optional.class;
        Class<?> type = wrapped ? e.getArgSpec().auxiliaryTypes()[0] : e.getArgSpec().type();
        if (List.of(int.class, Integer.class, long.class, Long.class).contains(type)) {
            return "expected a whole number";
        }
        if (List.of(double.class, Double.class, float.class, Float.class).contains(type)) {
            String point = e.getValue().replace(',', '.');
            return "expected a number, such as 5e-4" + (point.matches("-?[0-9]*\\.[0-9]+") ? ". Did you mean " + point + "?" : "");
        }
        if (type == boolean.class || type == Boolean.class) {
            return "expected true or false";
        }
        if (type.isEnum()) {
            List<String> names = Arrays.stream(type.getEnumConstants())
                    .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT)).toList();
            String meant = NearestName.didYouMean(e.getValue(), names, "%s");
            return "expected " + String.join(" or ", names) + (meant.isEmpty() ? "" : "." + meant);
        }
        return e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }
}
