package ai.modx.data;

import ai.modx.config.PlainText;
import java.util.List;
import java.util.stream.Collectors;

/** A data file that is missing or not what it should be; the message names it and says what to do. Exit code 3. */
public class DataException extends RuntimeException {

    public DataException(String message) {
        super(PlainText.of(message));
    }

    /** A message of several lines. */
    DataException(List<String> lines) {
        super(lines.stream().map(PlainText::of).collect(Collectors.joining("\n")));
    }

    public DataException(String message, Throwable cause) {
        super(PlainText.of(message), cause);
    }
}
