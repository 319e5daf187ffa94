package ai.modx.report;

import ai.modx.config.FileProblem;
import ai.modx.data.DataException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Reads a log of one JSON object a line, perhaps while it grows or after a crash: what is damaged is left out and said.
 *
 * @param file  to read
 * @param notes receives a sentence about what is missing or damaged
 */
record JsonLines(Path file, List<String> notes) {

    private static final ObjectMapper JSON = JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    /**
     * Reads all lines.
     *
     * @param skip how many lines at the head are not JSON
     * @param line takes each object, and throws IllegalArgumentException if it is not what it should be
     */
    void forEach(int skip, Consumer<JsonNode> line) {
        if (!Files.isRegularFile(file)) {
            notes.add(file + " is missing");
            return;
        }
        long read = 0;
        long damaged = 0;
        long lastDamaged = 0;
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) { // no bytes are malformed in it
            for (Iterator<String> each = lines.skip(skip).iterator(); each.hasNext(); read++) {
                if (!taken(each.next(), line)) {
                    damaged++;
                    lastDamaged = read + 1;
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new DataException(file + " cannot be read: " + FileProblem.of(e), e);
        }
        if (damaged == 1 && lastDamaged == read) {
            notes.add(file + ": the last line is cut off and left out");
        } else if (damaged > 0) {
            notes.add(file + ": " + damaged + " of " + read + " lines are damaged and left out");
        }
    }

    private static boolean taken(String line, Consumer<JsonNode> taker) {
        try {
            JsonNode node = JSON.readTree(line.getBytes(StandardCharsets.ISO_8859_1)); // as UTF-8
            if (node.isObject()) {
                taker.accept(node);
            }
            return node.isObject();
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    /** A file of one object; an empty one if it is missing or damaged. */
    JsonNode whole() {
        try {
            if (Files.isRegularFile(file)) {
                return Optional.of(JSON.readTree(file.toFile())).filter(JsonNode::isObject).orElseThrow(() -> new IOException("no object"));
            }
            notes.add(file + " is missing");
        } catch (JsonProcessingException e) {
            notes.add(file + " is damaged: " + e.getOriginalMessage());
        } catch (IOException e) {
            notes.add(file + " cannot be read: " + FileProblem.of(e));
        }
        return JSON.createObjectNode();
    }
}
