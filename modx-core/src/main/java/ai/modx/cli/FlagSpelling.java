package ai.modx.cli;

import static java.util.Map.entry;

import ai.modx.config.NearestName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** How flags may be written: with dashes or underscores, yes-or-no flags also as {@code --no_flag}. */
final class FlagSpelling {

    private static final String NEGATION = "--no_";
    private static final Pattern ARGUMENT = Pattern.compile("--[a-z0-9_-]+|FILE");
    /**
     * Names in other programs (mostly open_clip), spelled with underscores, and what to say of them: the first of the sentences counts
     * whose flags, and FILE, the command has.
     */
    private static final Map<String, List<String>> FOREIGN = Map.ofEntries(
            entry("train_data", meant("--train_annotation_file and --train_img_dir",
                    "--coco_train_annotation_file and --coco_train_img_dir, or --flickr30k_train_annotation_file and --flickr30k_train_img_dir",
                    "--train_dir and --val_dir")),
            entry("val_data", meant("--val_dir", "--eval_name, --eval_annotation_file and --eval_img_dir")),
            entry("model", meant("--model_name")),
            entry("name", meant("--checkpoint-dir", "--train_dir")),
            entry("logs", meant("--checkpoint-dir", "--train_dir")),
            entry("save_frequency", meant("--save_steps")),
            entry("val_frequency", meant("--eval_every")),
            entry("zeroshot_frequency", meant("--eval_every")),
            entry("warmup", List.of(" Warm-up to --params_lr is fixed: a fifth of all steps, as in the release. Leave the flag out")),
            entry("wd", meant("--params_weight_decay", "--weight-decay")),
            entry("bs", meant("--per_gpu_train_batch_size", "--batch-size", "--batch_size")),
            entry("learning_rate", meant("--params_lr", "--lr-classifier")),
            entry("fp16", meant("--precision")),
            entry("amp", meant("--precision")),
            entry("pretrained", meant("--checkpoint_path", "--cnn", "FILE, the checkpoint, without a flag")),
            entry("checkpoint_path", meant("--cnn", "FILE, the checkpoint, without a flag")),
            entry("gpus", meant("--devices")),
            entry("linear_layers", List.of(" What computes linear layers is chosen by what is fast on the processor and was found right. Leave the flag out")),
            // of the release's evaluate_models.py
            entry("cnn", meant("--checkpoint_path", "FILE, the checkpoint, without a flag")),
            entry("weights", meant("--checkpoint_path")),
            entry("eval_dir", meant("--out")));

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
        Set<String> arguments = Stream.concat(known.stream().map(flag -> "--" + flag),
                command.positionalParameters().stream().map(ArgSpec::paramLabel)).collect(Collectors.toSet());
        return "unknown flag " + given + "." + FOREIGN.getOrDefault(name, List.of()).stream()
                .filter(sentence -> ARGUMENT.matcher(sentence).results().map(MatchResult::group).allMatch(arguments::contains)).findFirst()
                .orElseGet(() -> NearestName.didYouMean(name, known, "--%s"));
    }

    private static List<String> meant(String... flags) {
        return Arrays.stream(flags).map(flag -> " Did you mean " + flag + "?").toList();
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
