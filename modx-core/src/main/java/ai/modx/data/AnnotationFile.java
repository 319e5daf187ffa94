package ai.modx.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A JSON file of annotations: an object whose large members are arrays of small objects. Only one of these is in memory
 * at a time, so that files of hundreds of megabytes cost no more than what is kept of them.
 */
final class AnnotationFile {

    private static final ObjectMapper JSON = JsonMapper.builder().disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION).build();

    private final Path path;

    AnnotationFile(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new DataException(path + (Files.isDirectory(path) ? " is a folder" : ": no such file") + ". Expected a JSON file with image annotations");
        }
        this.path = path;
    }

    /** What a data set from this file is called: the file's name without ending. */
    String datasetName() {
        return path.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    }

    DataException error(String problem) {
        return new DataException(path + ": " + problem);
    }

    /**
     * Hands every element of the named arrays to its reader, in file order.
     *
     * @return the names that the file has at the top level
     */
    Set<String> read(Map<String, Consumer<Annotation>> readers) {
        try (JsonParser parser = JSON.createParser(path.toFile())) {
            expect(parser.nextToken(), JsonToken.START_OBJECT, "the file", parser);
            Set<String> names = new HashSet<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                names.add(name);
                parser.nextToken();
                if (readers.containsKey(name)) {
                    readArray(parser, name, readers.get(name));
                } else {
                    parser.skipChildren();
                }
            }
            return names;
        } catch (JsonProcessingException e) {
            throw malformed(e);
        } catch (IOException e) {
            throw new DataException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private void readArray(JsonParser parser, String name, Consumer<Annotation> reader) throws IOException {
        expect(parser.currentToken(), JsonToken.START_ARRAY, "'" + name + "'", parser);
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            String position = name + "[" + i + "]";
            expect(parser.currentToken(), JsonToken.START_OBJECT, position, parser);
            reader.accept(new Annotation(this, position, JSON.<JsonNode>readTree(parser)));
        }
    }

    private void expect(JsonToken found, JsonToken wanted, String where, JsonParser parser) {
        if (found != wanted) {
            throw error(where + " is not " + (wanted == JsonToken.START_OBJECT ? "a JSON object" : "a JSON array")
                    + " (line " + parser.currentTokenLocation().getLineNr()
                    + "). Expected the annotations of COCO or of Karpathy's Flickr30K");
        }
    }

    private DataException malformed(JsonProcessingException e) {
        if (e.getOriginalMessage().startsWith("Invalid UTF-8")) {
            return new DataException(path + ": is not UTF-8 in line " + e.getLocation().getLineNr() + ", as JSON must be. Convert it, for example from Latin-1 with: "
                    + "iconv -f latin1 -t utf-8", e);
        }
        // Jackson appends where an unfinished value began, with words on its own configuration.
        String reason = e.getOriginalMessage().replaceFirst("(?s) \\(start marker at .*", "").strip();
        return new DataException(path + ": malformed JSON at line " + e.getLocation().getLineNr() + ", column "
                + e.getLocation().getColumnNr() + ": " + reason + ". Is the file complete?", e);
    }
}
