package ai.modx;

import ai.modx.cli.CommandRunner;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/**
 * What a command that ran inside this process left.
 *
 * @param exitCode of the command
 * @param out      results
 * @param err      errors; logs go elsewhere
 */
record Outcome(int exitCode, String out, String err) {

    static Outcome of(Object command, List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = CommandRunner.run(new PrintWriter(out), new PrintWriter(err), command, arguments.toArray(String[]::new));
        return new Outcome(exitCode, out.toString(), err.toString());
    }
}
