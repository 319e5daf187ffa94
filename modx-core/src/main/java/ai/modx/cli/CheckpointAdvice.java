package ai.modx.cli;

import ai.modx.checkpoint.CheckpointException;
import ai.modx.checkpoint.OtherModelException;
import ai.modx.model.ModelTable;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What the flags of a command add to an error in a checkpoint: which of them named it, and which model it is of. */
final class CheckpointAdvice {

    /** How messages about a file begin, followed by its path. */
    private static final String SUBJECT = "Checkpoint";

    private static final String TABLE = "--model_config";
    private static final String NAME = "--model_name";

    private CheckpointAdvice() {}

    static String of(CheckpointException e, CommandSpec command) {
        String message = withFlag(e.getMessage(), command);
        OptionSpec table = command.findOption(TABLE);
        if (!(e instanceof OtherModelException other) || table == null) {
            return message;
        }
        boolean optional = command.findOption(NAME).getValue() instanceof Optional<?>; // where it is left out, the checkpoint may say it
        return message + ". " + fitting(other.shapes(), TrainingOptions.table(table.<Optional<Path>>getValue()), optional);
    }

    /** The message with the flag that gave the checkpoint in place of the word. */
    private static String withFlag(String message, CommandSpec command) {
        return command.options().stream()
                .filter(option -> paths(option.getValue()).anyMatch(path -> message.startsWith(SUBJECT + " " + path + " "))).findFirst()
                .map(option -> option.longestName() + message.substring(SUBJECT.length())).orElse(message);
    }

    private static Stream<String> paths(Object value) {
        if (value instanceof Optional<?> given) {
            return given.stream().flatMap(CheckpointAdvice::paths);
        }
        if (value instanceof Collection<?> values) {
            return values.stream().flatMap(CheckpointAdvice::paths);
        }
        return Stream.ofNullable(value instanceof MethodPath named ? named.path() : value).map(Object::toString);
    }

    private static String fitting(Map<String, long[]> shapes, ModelTable table, boolean optional) {
        Collection<String> names = table.fitting(shapes).keySet();
        if (!names.isEmpty()) {
            return "It fits " + String.join(" and ", names) + " of " + table.source() + ": give it as " + NAME + ", or another checkpoint";
        }
        return "No model of " + table.source() + " fits it: " + (optional ? "leave out " + NAME + " and " + TABLE + " if a run of this toolkit saved it, else " : "")
                + "give the table that has its model with " + TABLE + ", or another checkpoint";
    }
}
