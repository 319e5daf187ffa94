package ai.modx.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Runs commands as a shell would see them. */
final class Shell {

    /** What a command left behind. */
    record Result(int exitCode, String out, String err) {}

    private Shell() {}

    static Result run(Object command, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = CommandRunner.run(new PrintWriter(out), new PrintWriter(err), command, arguments);
        return new Result(exitCode, out.toString(), err.toString());
    }
}
