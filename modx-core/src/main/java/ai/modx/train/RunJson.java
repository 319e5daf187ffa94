package ai.modx.train;

import ai.modx.checkpoint.AtomicFile;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** The JSON of a run: a line for each thing that happens, and {@code run.json}, what it was told and with what it runs. */
public final class RunJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private RunJson() {}

    /** A value in one line. */
    public static String line(Object value) {
        return text(JSON.writer(), value);
    }

    /** Writes a description whole or not at all; indented, since people look into it. */
    public static void write(Path file, Map<String, Object> description) {
        AtomicFile.write(file, (text(JSON.writerWithDefaultPrettyPrinter(), description) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** A description; an empty object if it is damaged. */
    static JsonNode read(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            return JSON.createObjectNode();
        }
    }

    private static String text(ObjectWriter writer, Object value) {
        try {
            return writer.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
