package ai.modx.cli;

import ai.modx.checkpoint.CheckpointException;
import ai.modx.checkpoint.SaveException;
import ai.modx.config.ConfigException;
import ai.modx.data.DataException;
import ai.modx.train.DivergedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * What a command that threw tells its user and its caller.
 *
 * @param exitCode one of {@link ExitCode}
 * @param message  one or two lines
 */
record Failure(int exitCode, String message) {

    static Failure of(Throwable thrown) {
        Throwable cause = unwrapped(thrown);
        if (cause instanceof ConfigException) {
            return new Failure(ExitCode.USAGE, cause.getMessage());
        }
        if (cause instanceof DataException) {
            return new Failure(ExitCode.DATA, cause.getMessage());
        }
        if (cause instanceof DivergedException) {
            return new Failure(ExitCode.DIVERGED, cause.getMessage());
        }
        if (cause instanceof CheckpointException) {
            return new Failure(ExitCode.CHECKPOINT, cause.getMessage());
        }
        return new Failure(ExitCode.FAILED, whileRunning(cause));
    }

    /** With file and line in front, where the message begins with a flag that a recipe gave. */
    Failure locatedBy(RecipeValues recipe) {
        return new Failure(exitCode, recipe.located(message.split(" ", 2)[0], message));
    }

    private static String whileRunning(Throwable cause) {
        if (cause instanceof SaveException) {
            return cause.getMessage();
        }
        Optional<String> memory = outOfMemory(cause);
        if (memory.isPresent()) {
            return memory.get();
        }
        String what = cause.getClass().getSimpleName() + (cause.getMessage() == null ? "" : ": " + firstLine(cause.getMessage()));
        if (cause instanceof IOException || cause instanceof UncheckedIOException) {
            return "cannot read or write: " + what;
        }
        return "internal error: " + what + "\nRun again with -v for the stack trace.";
    }

    /** The Java heap is one limit, the memory that libtorch takes for itself, here or on a GPU, another. */
    private static Optional<String> outOfMemory(Throwable cause) {
        String message = cause.getMessage() == null ? "" : cause.getMessage();
        if (cause instanceof OutOfMemoryError) {
            return Optional.of("out of Java memory (" + message + ", limit " + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MB). Use smaller batches, or raise the limit: JAVA_OPTS=-Xmx8g");
        }
        String lower = message.toLowerCase(Locale.ROOT);
        if (cause instanceof RuntimeException && lower.contains("cuda") && lower.contains("out of memory")) {
            return Optional.of("out of GPU memory: " + firstLine(message) + "\nUse smaller batches, or more devices.");
        }
        if (cause instanceof RuntimeException && lower.contains("can't allocate memory")) {
            return Optional.of("out of memory: " + firstLine(message) + "\nUse smaller batches.");
        }
        return Optional.empty();
    }

    private static Throwable unwrapped(Throwable thrown) {
        boolean wrapper = thrown instanceof ExecutionException || thrown instanceof CompletionException;
        return wrapper && thrown.getCause() != null ? unwrapped(thrown.getCause()) : thrown;
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}
