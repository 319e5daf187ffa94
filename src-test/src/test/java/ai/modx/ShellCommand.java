package ai.modx;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command of a shell block. A comment {@code # needs ...} says why a test cannot run it: behind a command, or on a line of its own for
 * all commands up to the next empty line. A comment {@code # exit code N} says how it ends, if not with 0.
 *
 * @param place page and line
 * @param text  of one line, without comment
 * @param needs what a test cannot give it; empty: it is run
 */
record ShellCommand(String place, String text, String needs, int exitCode) {

    /** What a test cannot give. */
    private static final Pattern NEEDS = Pattern.compile("needs .*\\b(GPUs|Slurm|a network|Maven|minutes|hours|PyTorch|TensorBoard|the real data|the release)\\b.*");
    private static final Pattern EXIT_CODE = Pattern.compile("exit code (\\d+)\\b.*");

    static List<ShellCommand> of(Page page, Page.Block block) {
        List<ShellCommand> commands = new ArrayList<>();
        String needed = "";
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < block.lines().size(); i++) {
            String line = block.lines().get(i).strip();
            if (line.endsWith("\\")) {
                joined.append(line, 0, line.length() - 1);
                continue;
            }
            String[] parts = joined.append(line).toString().split("(^|\\s+)# ", 2);
            joined.setLength(0);
            String text = parts[0].strip();
            String comment = parts.length > 1 ? parts[1] : "";
            String needs = NEEDS.matcher(comment).matches() ? comment : "";
            if (line.isEmpty()) {
                needed = "";
            } else if (text.isEmpty()) {
                needed = needs.isEmpty() ? needed : needs;
            } else {
                Matcher code = EXIT_CODE.matcher(comment);
                commands.add(new ShellCommand(page.name() + ":" + (block.line() + i + 1), text, needs.isEmpty() ? needed : needs,
                        code.matches() ? Integer.parseInt(code.group(1)) : 0));
            }
        }
        return commands;
    }

    /** The words, without regard to quotes. */
    List<String> words() {
        return List.of(text.split("\\s+"));
    }
}
