package ai.modx.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.slf4j.LoggerFactory;

/** Runs commands as a shell would see them. */
final class Shell {

    /** What a command left behind. */
    record Result(int exitCode, String out, String err) {}

    private Shell() {}

    static Result run(Object command, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        try {
            int exitCode = CommandRunner.run(new PrintWriter(out), new PrintWriter(err), command, arguments);
            return new Result(exitCode, out.toString(), err.toString());
        } finally {
            resetLogLevels();
        }
    }

    /** Commands set them for the process, which here goes on with other tests. */
    private static void resetLogLevels() {
        ((Logger) LoggerFactory.getLogger("ai.modx")).setLevel(null);
        ((Logger) LoggerFactory.getLogger("ai.djl")).setLevel(Level.ERROR);
    }
}
