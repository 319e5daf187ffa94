package ai.modx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

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

    private static Path bundled() {
        return Path.of(System.getProperty("project.root"), "modx-core", "src", "test", "resources", "golden");
    }
}
