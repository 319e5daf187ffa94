package ai.modx.checkpoint;

import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The safetensors format: length of the header (8 bytes), header (JSON), elements. */
final class SafetensorsFile {

    /** The header's key for plain strings about the file. */
    static final String METADATA = "__metadata__";

    private static final int MAX_HEADER = 16 << 20; // about 100,000 tensors
    /** Names and values in the header, whose tree takes many times the memory of its text. */
    private static final int MAX_TOKENS = 2_000_000;
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxTokenCount(MAX_TOKENS).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private final FileBytes file;
    private final long dataStart;
    /** Begin to end of every tensor that is not empty. */
    private final TreeMap<Long, Long> taken = new TreeMap<>();

    private SafetensorsFile(FileBytes file, long dataStart) {
        this.file = file;
        this.dataStart = dataStart;
    }

    /** Whether the file begins like one: a plausible length and an opening brace. */
    static boolean begins(FileBytes file) throws IOException {
        if (file.size() < Long.BYTES + 2) {
            return false;
        }
        ByteBuffer start = file.part(0, Long.BYTES + 1, "the header");
        long length = start.getLong(0);
        return length >= 2 && length <= file.size() && start.get(Long.BYTES) == '{';
    }

    /** A tree like that of an ordinary checkpoint: the metadata's strings, and the tensors as {@code model_state_dict}. */
    static Map<String, Object> read(FileBytes file) throws IOException {
        long length = file.part(0, Long.BYTES, "the header").getLong();
        if (length > MAX_HEADER) {
            throw new FormatException("its header claims " + length + " bytes; at most " + MAX_HEADER + " are supported");
        }
        byte[] header = new byte[file.part(Long.BYTES, length, "the header").remaining()];
        file.part(Long.BYTES, length, "the header").get(header);
        return new SafetensorsFile(file, Long.BYTES + length).tree(parse(header));
    }

    private static JsonNode parse(byte[] header) throws IOException {
        try {
            JsonNode root = JSON.readTree(header);
            if (root.isObject()) {
                return root;
            }
        } catch (JsonProcessingException e) {
            throw new FormatException("its header is not valid JSON: " + e.getOriginalMessage());
        }
        throw new FormatException("its header is not a JSON object");
    }

    private Map<String, Object> tree(JsonNode header) throws IOException {
        Map<String, Object> tree = new LinkedHashMap<>();
        Map<String, Object> model = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            if (entry.getKey().equals(METADATA)) {
                entry.getValue().properties().forEach(text -> tree.put(text.getKey(), text.getValue().asText()));
            } else {
                model.put(entry.getKey(), tensor(entry.getKey(), entry.getValue()));
            }
        }
        checkCovered();
        tree.put("model_state_dict", model);
        return tree;
    }

    private HostTensor tensor(String name, JsonNode entry) throws IOException {
        String what = "tensor '" + name + "'";
        ElementType type = Stream.of(ElementType.values())
                .filter(known -> known.safetensorsName().equals(entry.path("dtype").asText()))
                .findFirst()
                .orElseThrow(() -> new FormatException(what + " is of the unknown type '" + entry.path("dtype").asText() + "'"));
        long[] shape = numbers(entry.path("shape"), what);
        long[] range = numbers(entry.path("data_offsets"), what);
        if (range.length != 2 || range[1] < range[0] || bytes(shape, type, what) != range[1] - range[0]) {
            throw new FormatException(what + " has data_offsets that do not fit its shape and type");
        }
        if (range[1] > range[0] && taken.put(range[0], range[1]) != null) {
            throw new FormatException(what + " overlaps another tensor");
        }
        return new HostTensor(type, shape, file.part(Math.addExact(dataStart, range[0]), range[1] - range[0], what));
    }

    private static long bytes(long[] shape, ElementType type, String what) {
        try {
            return Math.multiplyExact(HostTensor.numel(shape), (long) type.bytes());
        } catch (ArithmeticException e) {
            throw new FormatException(what + " has an impossible shape");
        }
    }

    private static long[] numbers(JsonNode list, String what) {
        long[] numbers = new long[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            JsonNode number = list.path(i);
            // Above 2^60 sums of offsets could overflow, and no file is that large.
            if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0 || number.longValue() > 1L << 60) {
                throw new FormatException(what + " has a shape or data_offsets that are no sizes");
            }
            numbers[i] = number.longValue();
        }
        return numbers;
    }

    /** The format allows neither overlaps nor gaps, so that nothing can hide in a file. */
    private void checkCovered() {
        long end = 0;
        for (Map.Entry<Long, Long> range : taken.entrySet()) {
            if (range.getKey() != end) {
                throw new FormatException("its tensors overlap or leave a gap at byte " + end + " of the elements");
            }
            end = range.getValue();
        }
        if (dataStart + end != file.size()) {
            throw new FormatException("its tensors take " + end + " bytes, but " + (file.size() - dataStart) + " are there");
        }
    }
}
