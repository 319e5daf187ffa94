package ai.modx.data;

import ai.modx.config.FileProblem;
import ai.modx.config.ForeignFile;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A JSON file of annotations: an object whose large members are arrays of small objects. Only one of these is in memory
 * at a time, so that files of hundreds of megabytes cost no more than what is kept of them.
 */
final class AnnotationFile {

    /** Captions have some hundred characters; the tokenizer and the messages need not cope with any length. */
    private static final int MAX_TEXT = 1 << 20;
    /** Names and values in one object; Karpathy's largest have some hundred. */
    private static final int MAX_TOKENS = 100_000;

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(MAX_TEXT).build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION).build()).build();

    private static final String EXPECTED = "Expected the annotations of COCO or of Karpathy's Flickr30K";
    /** Characters of a file that is something else in the message. */
    private static final int SHOWN = 40;

    /** What is done with a parser. */
    private interface Reading<T> {

        T read(JsonParser parser) throws IOException;
    }

    private final Path path;
    private final DataProblem.Listener problems;

    /** @param problems told of elements that cannot be understood; unless it throws, the others are read */
    AnnotationFile(Path path, DataProblem.Listener problems) {
        if (!Files.isRegularFile(path)) {
            throw new DataException(path + (Files.isDirectory(path) ? ": is a folder" : ": no such file") + ". Expected a JSON file with image annotations");
        }
        this.path = path;
        this.problems = problems;
    }

    /** What a data set from this file is called: the file's name without ending. */
    String datasetName() {
        return path.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    }

    DataException error(String problem) {
        return new DataException(path + ": " + problem);
    }

    /** Takes note of something wrong in this file. */
    void found(Defect defect, String problem) {
        problems.found(new DataProblem(defect, path.toString(), problem));
    }

    /**
     * Hands every element of the named arrays to its reader, in file order.
     *
     * @return the names that the file has at the top level
     */
    Set<String> read(Map<String, Consumer<Annotation>> readers) {
        return parse(parser -> {
            Set<String> names = new HashSet<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (!names.add(name)) {
                    throw error("has '" + name + "' twice. " + EXPECTED);
                }
                parser.nextToken();
                if (readers.containsKey(name)) {
                    readArray(parser, name, readers.get(name));
                } else {
                    parser.skipChildren();
                }
            }
            requireEnd(parser);
            return names;
        });
    }

    /** What stands behind would be dropped without a word. */
    private void requireEnd(JsonParser parser) throws IOException {
        if (parser.nextToken() != null) {
            throw error("has more behind the end of its JSON document, at " + place(parser.currentTokenLocation())
                    + ". Expected one document: were two files put together?");
        }
    }

    /** The first element of an array that is an object, if there is such an array and such an element. */
    Optional<Annotation> first(String name) {
        return parse(parser -> {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = parser.currentName().equals(name);
                if (parser.nextToken() == JsonToken.START_ARRAY && found) {
                    return firstObject(parser, name);
                }
                parser.skipChildren();
            }
            return Optional.empty();
        });
    }

    private Optional<Annotation> firstObject(JsonParser parser, String name) throws IOException {
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                return Optional.of(object(parser, name + "[" + i + "]"));
            }
            parser.skipChildren();
        }
        return Optional.empty();
    }

    /**
     * An image with its captions; empty, and told, if it has none.
     *
     * @param image what to call it
     */
    Optional<CaptionedImage> captioned(String image, Path path, List<String> captions) {
        if (captions.isEmpty()) {
            found(Defect.IMAGE_WITHOUT_CAPTION, image + " has no caption");
            return Optional.empty();
        }
        if (captions.stream().allMatch(String::isBlank)) {
            found(Defect.BROKEN_ENTRY, image + " has only captions without a word");
        }
        return Optional.of(new CaptionedImage(path, captions));
    }

    private <T> T parse(Reading<T> reading) {
        try (JsonParser parser = JSON.createParser(path.toFile())) {
            expect(first(parser), JsonToken.START_OBJECT, "the file", parser);
            return reading.read(parser);
        } catch (JsonProcessingException e) {
            throw malformed(e);
        } catch (IOException e) {
            throw new DataException(path + ": cannot be read: " + FileProblem.of(e), e);
        }
    }

    /** The first token, which tells whether there is any JSON. */
    private JsonToken first(JsonParser parser) throws IOException {
        try {
            JsonToken token = parser.nextToken();
            if (token == null) {
                throw error("is empty. " + EXPECTED);
            }
            return token;
        } catch (JsonProcessingException e) {
            Optional<ForeignFile> foreign = ForeignFile.of(ByteBuffer.wrap(start()));
            if (foreign.isPresent()) {
                throw error("is " + foreign.get().words() + ". " + foreign.get().remedy());
            }
            throw isNotText(e) ? malformed(e) : error("is not JSON: it begins with '" + beginning() + "'. " + EXPECTED);
        }
    }

    /** The first words of the file, where nothing of JSON is in sight. */
    private String beginning() throws IOException {
        String line = new String(start(), StandardCharsets.UTF_8).strip().lines().findFirst().orElse("");
        return line.substring(0, Math.min(line.length(), SHOWN));
    }

    private byte[] start() throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(ForeignFile.BYTES);
        }
    }

    private void readArray(JsonParser parser, String name, Consumer<Annotation> reader) throws IOException {
        expect(parser.currentToken(), JsonToken.START_ARRAY, "'" + name + "'", parser);
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            String position = name + "[" + i + "]";
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                Annotation element = object(parser, position);
                attempt(() -> reader.accept(element));
            } else {
                attempt(() -> expect(parser.currentToken(), JsonToken.START_OBJECT, position, parser));
                parser.skipChildren();
            }
        }
    }

    /** A mistake in one element leaves the others readable. */
    private void attempt(Runnable reading) {
        try {
            reading.run();
        } catch (DataException e) {
            problems.found(DataProblem.of(Defect.BROKEN_ENTRY, path.toString(), e));
        }
    }

    private Annotation object(JsonParser parser, String position) throws IOException {
        return new Annotation(this, position, JSON.<JsonNode>readTree(new SmallObject(parser, position)));
    }

    /** Lets an object be read as a whole only if that is small: a tree takes many times the memory of its text. */
    private final class SmallObject extends JsonParserDelegate {

        private final String position;
        private int tokens;

        SmallObject(JsonParser parser, String position) {
            super(parser);
            this.position = position;
        }

        @Override
        public JsonToken nextToken() throws IOException {
            if (++tokens > MAX_TOKENS) {
                throw error(position + " has more than " + MAX_TOKENS + " names and values. " + EXPECTED);
            }
            return super.nextToken();
        }
    }

    private void expect(JsonToken found, JsonToken wanted, String where, JsonParser parser) {
        if (found != wanted) {
            throw error(where + " is not " + (wanted == JsonToken.START_OBJECT ? "a JSON object" : "a JSON array")
                    + " (line " + parser.currentTokenLocation().getLineNr()
                    + "). " + EXPECTED);
        }
    }

    private static String place(JsonLocation location) {
        return "line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static boolean isNotText(JsonProcessingException e) {
        return e.getOriginalMessage().startsWith("Invalid UTF-8");
    }

    private DataException malformed(JsonProcessingException e) {
        if (isNotText(e)) {
            return new DataException(path + ": is not UTF-8 in line " + e.getLocation().getLineNr() + ", as JSON must be. Convert it, for example from Latin-1 with: "
                    + "iconv -f latin1 -t utf-8", e);
        }
        // Jackson appends where an unfinished value began, and words on its own configuration.
        String reason = e.getOriginalMessage().replaceFirst("(?s) \\(start marker at .*", "")
                .replaceFirst(": enable `.*", ", which JSON lacks").replaceFirst(", from `[^`]*`", "").strip();
        String where = e.getLocation() == null ? "" // of limits, such as depth
                : " at " + place(e.getLocation());
        return new DataException(path + ": malformed JSON" + where + ": " + reason + ". Is the file complete?", e);
    }
}
