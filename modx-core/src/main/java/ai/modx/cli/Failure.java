package ai.modx.cli;

import ai.modx.checkpoint.CheckpointException;
import ai.modx.checkpoint.SaveException;
import ai.modx.config.ConfigException;
import ai.modx.config.FileProblem;
import ai.modx.data.DataException;
import ai.modx.kernels.WrongKernelException;
import ai.modx.train.DivergedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What a command that threw tells its user and its caller.
 *
 * @param exitCode one of {@link ExitCode}
 * @param message  one or two lines
 */
record Failure(int exitCode, String message) {

    static final String LIBRARY_REMEDY = "Install the system's package of that library, or use a complete JDK";

    /** With the library that needs it in front. */
    private static final Pattern MISSING_LIBRARY = Pattern.compile("\\S+: \\S+: cannot open shared object file");

    /** What CUDA says. */
    private static final String NO_CODE = "no kernel image is available";

    static Failure of(Throwable thrown, CommandSpec command) {
        Throwable cause = unwrapped(thrown);
        Optional<String> memory = MemoryAdvice.of(cause, command);
        if (memory.isPresent()) {
            return new Failure(ExitCode.FAILED, memory.get());
        }
        if (cause instanceof ConfigException) {
            return new Failure(ExitCode.USAGE, cause.getMessage());
        }
        if (cause instanceof DataException) {
            return new Failure(ExitCode.DATA, cause.getMessage());
        }
        if (cause instanceof DivergedException) {
            return new Failure(ExitCode.DIVERGED, cause.getMessage());
        }
        if (cause instanceof CheckpointException e) {
            return new Failure(ExitCode.CHECKPOINT, CheckpointAdvice.of(e, command));
        }
        return new Failure(ExitCode.FAILED, whileRunning(cause));
    }

    /** With file and line in front, where the message begins with a flag that a recipe gave. */
    Failure locatedBy(RecipeValues recipe) {
        return new Failure(exitCode, recipe.located(message.split(" ", 2)[0], message));
    }

    private static String whileRunning(Throwable cause) {
        if (cause instanceof SaveException || cause instanceof WrongKernelException) {
            return cause.getMessage();
        }
        if (cause instanceof UncheckedIOException wrapper) {
            boolean own = !wrapper.getMessage().equals(wrapper.getCause().toString());
            return own ? firstLine(wrapper.getMessage()) : whileRunning(wrapper.getCause());
        }
        Optional<EngineCache.Problem> absent = EngineCache.problem(cause);
        if (absent.isPresent()) {
            return absent.get().toString();
        }
        Optional<String> library = missingLibrary(cause);
        if (library.isPresent()) {
            return "Java cannot load a library: " + library.get() + ". " + LIBRARY_REMEDY;
        }
        if (causes(cause).anyMatch(one -> one.getMessage() != null && one.getMessage().contains(NO_CODE))) {
            return "libtorch holds no code for this GPU, which is too old or too new for it. Use another GPU, or a libtorch that was built for this one: "
                    + "see docs/gpus.md";
        }
        if (cause instanceof IOException io) {
            return "cannot read or write " + firstLine(FileProblem.withFile(io));
        }
        String what = cause.getClass().getSimpleName() + (cause.getMessage() == null ? "" : ": " + firstLine(cause.getMessage()));
        return "internal error: " + what + "\nRun again with -v for the stack trace.";
    }

    /** What the system's loader says of a native library that another one needs, wherever Java's attempts to load it put that. */
    static Optional<String> missingLibrary(Throwable thrown) {
        return causes(thrown)
                .filter(cause -> cause instanceof LinkageError && cause.getMessage() != null)
                .flatMap(cause -> MISSING_LIBRARY.matcher(cause.getMessage()).results()).map(MatchResult::group).findFirst();
    }

    /** A failure, its cause, and so on. */
    static Stream<Throwable> causes(Throwable thrown) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause);
    }

    private static Throwable unwrapped(Throwable thrown) {
        boolean wrapper = thrown instanceof ExecutionException || thrown instanceof CompletionException;
        return wrapper && thrown.getCause() != null ? unwrapped(thrown.getCause()) : thrown;
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}
