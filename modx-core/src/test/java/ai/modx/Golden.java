package ai.modx;

import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where the numbers of the original program lie: the folder of {@code -Dgolden}, else the copy among the test resources. */
public final class Golden {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Golden() {}

    /** A golden file; one that exists only in the full folder may be absent without {@code -Dgolden}. */
    public static Path path(String name) {
        String folder = System.getProperty("golden", "");
        return (folder.isEmpty() ? bundled() : Path.of(folder)).resolve(name);
    }

    public static boolean has(String name) {
        return Files.exists(path(name));
    }

    public static JsonNode json(String name) {
        try {
            return JSON.readTree(path(name).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tensors of a golden safetensors file, by name. A reader of its own, so that it can judge the product's. */
    public static Map<String, HostTensor> tensors(String name) {
        try {
            ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path(name))).order(ByteOrder.LITTLE_ENDIAN);
            int header = Math.toIntExact(file.getLong());
            JsonNode entries = JSON.readTree(file.array(), 8, header);
            Map<String, HostTensor> tensors = new LinkedHashMap<>();
            entries.fields().forEachRemaining(entry -> {
                JsonNode value = entry.getValue();
                if (value.has("dtype")) {
                    int begin = 8 + header + value.get("data_offsets").get(0).asInt();
                    int end = 8 + header + value.get("data_offsets").get(1).asInt();
                    tensors.put(entry.getKey(), new HostTensor(type(value.get("dtype").asText()),
                            JSON.convertValue(value.get("shape"), long[].class), file.slice(begin, end - begin)));
                }
            });
            return tensors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The part of a tensor that a digest file holds: everything, or 1024 evenly spread elements.
     *
     * @see <a href="README.md">the conventions of the golden files</a>
     */
    public static float[] digest(float[] values, boolean sampled) {
        if (!sampled) {
            return values;
        }
        float[] sample = new float[1024];
        for (int j = 0; j < sample.length; j++) {
            sample[j] = values[(int) ((long) j * values.length / sample.length)];
        }
        return sample;
    }

    private static ElementType type(String safetensorsName) {
        return Arrays.stream(ElementType.values()).filter(type -> type.safetensorsName().equals(safetensorsName)).findFirst().orElseThrow();
    }

    private static Path bundled() {
        return Path.of(System.getProperty("project.root"), "modx-core", "src", "test", "resources", "golden");
    }
}
