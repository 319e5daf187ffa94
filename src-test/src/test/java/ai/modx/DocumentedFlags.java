package ai.modx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The flags that exist, by command: what the documentation names is looked up here. */
final class DocumentedFlags {

    static final Pattern FLAG = Pattern.compile("(?<![\\w-])--[A-Za-z][\\w-]*");

    private static final Set<String> OF_EVERY_COMMAND = Set.of("--help", "--version", "--verbose", "--quiet");

    /** The command that a script passes its own arguments on to. */
    private static final Map<String, String> PASSED_ON = Map.of("train.sh", "joint-train", "cl_5phase.sh", "continual-train", "modx_5phase.sh", "modx-train",
            "linear_eval.sh", "linear-eval", "quickstart.sh", "joint-train", "compare.sh", "modx-train", "bench.sh", "joint-train");

    /** Of other programs, by the word that calls them. */
    private static final Map<String, Set<String>> FOREIGN = Map.of("sbatch", Set.of("--gpus", "--time"), "tensorboard", Set.of("--logdir"));

    private final Path scripts;
    /** By command, such as {@code joint-train} or {@code modx report}. */
    private final Map<String, Map<String, OptionSpec>> commands = new TreeMap<>();

    DocumentedFlags(Path project) {
        scripts = project.resolve("scripts");
        CommandProcess.COMMANDS.forEach((name, command) -> add(name, new CommandLine(command.get())));
    }

    private void add(String name, CommandLine command) {
        Map<String, OptionSpec> options = new LinkedHashMap<>();
        command.getCommandSpec().options().forEach(option -> {
            for (String spelling : option.names()) {
                options.put(plain(spelling), option);
            }
        });
        commands.put(name, options);
        command.getSubcommands().forEach((word, subcommand) -> add(name + " " + word, subcommand));
    }

    Set<String> commands() {
        return commands.keySet();
    }

    Optional<OptionSpec> find(String command, String flag) {
        return Optional.ofNullable(commands.get(command).get(plain(flag)));
    }

    /** Whether any command has a flag, or a script of its own does; of one that ends with _, as in {@code --eval_*}, whether one begins so. */
    boolean isAnywhere(String flag) throws IOException {
        if (flag.endsWith("_")) {
            return commands.values().stream().flatMap(options -> options.keySet().stream()).anyMatch(name -> name.startsWith(plain(flag)));
        }
        for (String command : commands.keySet()) {
            if (has(command, flag)) {
                return true;
            }
        }
        for (String script : List.of("crash-test.sh", "fault-test.sh", "soak-test.sh")) {
            if (hasOwn(script, flag)) {
                return true;
            }
        }
        return false;
    }

    /** The flags of a line that what it calls does not have, and what does not exist at all. */
    List<String> mistakes(List<String> words) throws IOException {
        List<String> mistakes = new ArrayList<>();
        String called = "";
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (FOREIGN.containsKey(word)) {
                called = word;
            } else if (word.startsWith("scripts/")) {
                called = word.substring("scripts/".length());
                if (!Files.exists(scripts.resolve(called))) {
                    mistakes.add(word + " does not exist");
                } else if (called.equals("modx") && i + 1 < words.size()) {
                    called += " " + words.get(i + 1);
                }
            }
            Matcher flag = FLAG.matcher(word);
            if (!called.isEmpty() && flag.lookingAt() && !has(called, flag.group())) {
                mistakes.add(called + " has no flag " + flag.group());
            }
        }
        return mistakes;
    }

    private boolean has(String called, String flag) throws IOException {
        if (FOREIGN.containsKey(called)) {
            return FOREIGN.get(called).contains(flag);
        }
        String command = PASSED_ON.getOrDefault(called, called);
        if (!commands.containsKey(command)) {
            return called.contains(".") && hasOwn(called, flag);
        }
        String negated = plain(flag).replaceFirst("^__no_", "__");
        return OF_EVERY_COMMAND.contains(flag) || find(command, flag).isPresent()
                || Optional.ofNullable(commands.get(command).get(negated)).filter(option -> option.type() == boolean.class).isPresent();
    }

    private boolean hasOwn(String script, String flag) throws IOException {
        return Files.exists(scripts.resolve(script)) && Files.readString(scripts.resolve(script)).contains("    " + flag + ") ");
    }

    private static String plain(String flag) {
        return flag.replace('-', '_');
    }
}
