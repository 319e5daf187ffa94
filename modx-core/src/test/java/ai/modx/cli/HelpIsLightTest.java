package ai.modx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Help must come at once: no engine, no native code, no logging system behind it. */
class HelpIsLightTest {

    @Test
    void loadsNoEngine() throws IOException {
        Process java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-verbose:class",
                "-cp", System.getProperty("java.class.path"), Modx.class.getName(), "--help").redirectErrorStream(true).start();
        String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(output).contains("Usage: modx", " ai.modx.cli.Modx ");
        assertThat(output).doesNotContain(" ai.djl.", " com.sun.jna.", " ch.qos.logback.");
    }
}
