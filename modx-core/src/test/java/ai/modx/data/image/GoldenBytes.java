package ai.modx.data.image;

import ai.modx.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;

/** The byte tensors of one golden safetensors file. */
final class GoldenBytes {

    private final byte[] file;
    private final int start;
    private final JsonNode header;

    GoldenBytes(String name) {
        try {
            file = Files.readAllBytes(Golden.path(name));
            start = 8 + (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
            header = new ObjectMapper().readTree(new String(file, 8, start - 8, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Iterable<String> names() {
        return () -> header.fieldNames();
    }

    /** The tensor of a file that holds one. */
    byte[] first() {
        for (String name : names()) {
            if (!name.startsWith("__")) {
                return get(name);
            }
        }
        throw new IllegalStateException("no tensor");
    }

    byte[] get(String name) {
        JsonNode offsets = header.get(name).get("data_offsets");
        return Arrays.copyOfRange(file, start + offsets.get(0).asInt(), start + offsets.get(1).asInt());
    }
}
