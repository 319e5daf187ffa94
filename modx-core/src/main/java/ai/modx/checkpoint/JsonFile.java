package ai.modx.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Small text files beside weights, written atomically. */
final class JsonFile {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private JsonFile() {}

    /** Writes a tree of maps, lists and plain values. */
    static void write(Path file, Object tree) {
        try {
            writeText(file, JSON.writeValueAsString(tree) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not a tree that JSON can hold", e);
        }
    }

    static void writeText(Path file, String text) {
        AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
