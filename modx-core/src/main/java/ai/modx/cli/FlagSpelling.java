package ai.modx.cli;

import static java.util.Map.entry;

import ai.modx.config.NearestName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** How flags may be written: with dashes or underscores, yes-or-no flags also as {@code --no_flag}. */
final class FlagSpelling {

    private static final String NEGATION = "--no_";
    /** Names in other programs (mostly open_clip) that resemble none of ours, with the part of ours that means the same. */
    private static final Map<String, String> FOREIGN = Map.ofEntries(
            entry("wd", "weight_decay"),
            entry("bs", "batch_size"),
            entry("learning_rate", "lr"),
            entry("accum_freq", "accumulation_steps"),
            entry("fp16", "precision"),
            entry("amp", "precision"),
            entry("pretrained", "checkpoint_path"),
            entry("gpus", "devices"),
            // of the release's evaluate_models.py
            entry("cnn", "checkpoint_path"),
            entry("weights", "checkpoint_path"),
            entry("eval_dir", "out"));

    private final CommandSpec command;

    FlagSpelling(CommandSpec command) {
        this.command = command;
    }

    /**
     * The word as the command declares the flag; yes-or-no flags get their value attached, which spares us picocli's rule that
     * a flag negates its default.
     *
     * @param word a word that starts with two dashes, perhaps with {@code =value}
     */
    String of(String word) {
        int equals = word.indexOf('=');
        String given = equals < 0 ? word : word.substring(0, equals);
        String value = equals < 0 ? "" : word.substring(equals);
        Optional<OptionSpec> option = find(given);
        if (option.isPresent()) {
            return option.get().longestName() + (value.isEmpty() && yesOrNo(option.get()) ? "=true" : value);
        }
        Optional<OptionSpec> negated = negated(given);
        if (negated.isEmpty()) {
            throw new ParameterException(command.commandLine(), unknown(given));
        }
        if (!value.isEmpty()) {
            throw new ParameterException(command.commandLine(), given + " takes no value");
        }
        return negated.get().longestName() + "=false";
    }

    /** The error for a flag that does not exist. */
    String unknown(String given) {
        String name = plain(given).replaceFirst("^_+", "").toLowerCase(Locale.ROOT);
        List<String> known = names(command);
        return "unknown flag " + given + "." + NearestName.didYouMean(FOREIGN.getOrDefault(name, name), known, "--%s");
    }

    /** Names of the flags of a command that the help shows, without dashes in front. */
    static List<String> names(CommandSpec command) {
        return command.options().stream().filter(option -> !option.hidden()).map(option -> option.longestName().substring(2)).toList();
    }

    private Optional<OptionSpec> find(String given) {
        return command.options().stream().filter(option -> Arrays.stream(option.names()).anyMatch(name -> plain(name).equals(plain(given)))).findFirst();
    }

    private Optional<OptionSpec> negated(String given) {
        String plain = plain(given);
        return plain.startsWith(plain(NEGATION))
                ? find("--" + plain.substring(NEGATION.length())).filter(FlagSpelling::yesOrNo)
                : Optional.empty();
    }

    private static boolean yesOrNo(OptionSpec option) {
        boolean type = option.type() == boolean.class || option.type() == Boolean.class;
        return type && !option.usageHelp() && !option.versionHelp();
    }

    private static String plain(String flag) {
        return flag.replace('-', '_');
    }
}
