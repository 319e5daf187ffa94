package ai.modx.torch;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/** The versions of the toolkit and of what it stands on. */
public final class Versions {

    private static final String RESOURCE = "versions.properties";

    private Versions() {}

    /** What {@code --version} prints; known since the build, so that no engine is loaded for it. */
    public static String[] lines() {
        Properties versions = built();
        return new String[] {
            "modx " + versions.getProperty("modx"),
            "DJL " + versions.getProperty("djl"),
            "libtorch " + versions.getProperty("libtorch"),
            "Java " + System.getProperty("java.version") + " (" + System.getProperty("java.vm.name") + ")"
        };
    }

    /** What a run writes down of itself: the versions that compute in this process, whose libtorch may be another than the build's, and on what. */
    public static Map<String, String> running() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("modx", built().getProperty("modx"));
        versions.put("libtorch", TorchEngine.start().version());
        versions.put("djl", Engine.getDjlVersion());
        versions.put("java", System.getProperty("java.version"));
        versions.putAll(TorchEngine.start().description());
        return versions;
    }

    private static Properties built() {
        try (InputStream resource = Versions.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException("The resource " + RESOURCE + " is missing: modx-core was built incompletely");
            }
            Properties versions = new Properties();
            versions.load(resource);
            return versions;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
