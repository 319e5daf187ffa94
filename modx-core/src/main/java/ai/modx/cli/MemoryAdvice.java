package ai.modx.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What a command that ran out of memory says: which memory, with which batch, and what its flags can change about it. The Java
 * heap is one limit, the memory that libtorch takes for itself, here or on a GPU, another.
 */
final class MemoryAdvice {

    /** Flags that say how many samples are computed at a time, in the toolkit's spelling and the original's. */
    private static final List<String> BATCH_FLAGS = List.of("--per_gpu_train_batch_size", "--batch-size", "--batch_size");

    /** What else makes a step smaller, where a command has it. */
    private static final List<String> SAVING_FLAGS = List.of("--accum_freq", "--grad_checkpointing");

    /** What cuBLAS and cuDNN say when there is no room for their own memory. */
    private static final String NO_WORKSPACE = "_status_alloc_failed";

    private MemoryAdvice() {}

    /**
     * One or two lines.
     *
     * @return empty if something else went wrong
     */
    static Optional<String> of(Throwable thrown, CommandSpec command) {
        return Failure.causes(thrown).map(MemoryAdvice::exhausted).flatMap(Optional::stream).findFirst()
                .map(what -> what + with(command) + "\n" + advice(command, what.startsWith("out of Java memory")));
    }

    private static Optional<String> exhausted(Throwable cause) {
        if (cause instanceof OutOfMemoryError) {
            return Optional.of("out of Java memory (" + cause.getMessage() + ", limit " + (Runtime.getRuntime().maxMemory() >> 20) + " MB)");
        }
        if (!(cause instanceof RuntimeException) || cause.getMessage() == null) {
            return Optional.empty();
        }
        return line(cause.getMessage(), text -> text.contains("cuda") && text.contains("out of memory") || text.contains(NO_WORKSPACE))
                .map(line -> "out of GPU memory (" + line + ")")
                .or(() -> line(cause.getMessage(), text -> text.contains("can't allocate memory") || text.contains("std::bad_alloc"))
                        .map(line -> "out of memory (" + line + ")"));
    }

    /** The one that tells, among those of a native stack trace. */
    private static Optional<String> line(String message, Predicate<String> telling) {
        return message.lines().filter(line -> telling.test(line.toLowerCase(Locale.ROOT))).map(String::strip).findFirst();
    }

    private static String with(CommandSpec command) {
        return BATCH_FLAGS.stream().map(command::findOption).filter(MemoryAdvice::hasValue).findFirst()
                .map(option -> " with " + option.longestName() + " " + option.getValue()).orElse("");
    }

    private static boolean hasValue(OptionSpec option) {
        return option != null && option.getValue() != null;
    }

    private static String advice(CommandSpec command, boolean heap) {
        List<String> remedies = new ArrayList<>();
        remedies.add("Use a smaller batch");
        SAVING_FLAGS.stream().filter(flag -> command.findOption(flag) != null).forEach(remedies::add);
        if (heap) {
            remedies.add("or raise the limit: JAVA_OPTS=-Xmx8g");
        } else if (command.findOption("--devices") != null) {
            remedies.add("or more devices");
        }
        return String.join(", ", remedies);
    }
}
