package ai.modx.eval;

import ai.modx.checkpoint.AtomicFile;
import ai.modx.checkpoint.SaveException;
import ai.modx.config.FileProblem;
import ai.modx.data.DataException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Function;

/** Files with results: UTF-8, written whole or not at all, in a folder that is made if need be. */
final class ResultFile {

    static final ObjectMapper JSON = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private ResultFile() {}

    /**
     * Reads a JSON file.
     *
     * @param kind   what it should hold, for the message
     * @param parser throws IllegalArgumentException if it does not
     * @throws DataException if there is no such file, or something else in it
     */
    static <T> T read(Path file, String kind, Function<JsonNode, T> parser) {
        try {
            return parser.apply(JSON.readTree(Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            throw new DataException(file + ": no such file. Expected " + kind, e);
        } catch (JsonProcessingException e) {
            throw new DataException(file + " is not JSON: " + e.getOriginalMessage() + ". Expected " + kind, e);
        } catch (IOException | IllegalArgumentException e) {
            throw new DataException(file + " cannot be read: " + FileProblem.of(e) + ". Expected " + kind, e);
        }
    }

    static void write(Path file, String text) {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    static void write(Path file, byte[] content) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw SaveException.ofFolder(file.toAbsolutePath().getParent(), e);
        }
        AtomicFile.write(file, content);
    }
}
