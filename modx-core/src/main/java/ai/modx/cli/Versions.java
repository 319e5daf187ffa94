package ai.modx.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints; known since the build, so that no engine is loaded for it. */
final class Versions implements IVersionProvider {

    private static final String RESOURCE = "versions.properties";

    @Override
    public String[] getVersion() {
        Properties versions = read();
        return new String[] {
            "modx " + versions.getProperty("modx"),
            "DJL " + versions.getProperty("djl"),
            "libtorch " + versions.getProperty("libtorch"),
            "Java " + System.getProperty("java.version") + " (" + System.getProperty("java.vm.name") + ")"
        };
    }

    private static Properties read() {
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
