package ai.modx.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ParseResult;

/** Sets how much is logged, as {@code -v} and {@code -q} ask. Without them the logging system is not even loaded here. */
final class LogLevels {

    private LogLevels() {}

    static void apply(ParseResult parsed) {
        if (verbose(parsed)) {
            set("ai.modx", Level.DEBUG);
            set("ai.djl", Level.INFO);
        } else if (has(parsed, StandardOptions.QUIET)) {
            set("ai.modx", Level.WARN);
        }
    }

    static boolean verbose(ParseResult parsed) {
        return has(parsed, StandardOptions.VERBOSE);
    }

    private static boolean has(ParseResult parsed, String flag) {
        return parsed.asCommandLineList().stream().anyMatch(command -> command.getParseResult().matchedOptionValue(flag, false));
    }

    private static void set(String name, Level level) {
        if (LoggerFactory.getLogger(name) instanceof Logger logger) {
            logger.setLevel(level);
        }
    }
}
