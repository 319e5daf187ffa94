package ai.modx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees who starts a run in a terminal, which the program script of util-linux stands in for. */
@Tag("slow")
@EnabledIf(value = "hasScript", disabledReason = "this machine has no program script of util-linux")
class TerminalTest {

    private static final Path LAUNCHER = Path.of(System.getProperty("project.root"), "scripts", "joint-train");

    /** In 60 columns: as much as fits. */
    private static final Pattern DRAWN = Pattern.compile("\r\033\\[Kepoch \\d+/30  step \\d+/90  loss [\\d.]+  [\\dhmins ]+ left[^\r\n\033]{0,30}\r\033\\[K");

    @TempDir
    static Path shared;

    @TempDir
    Path dir;

    private static TinyData data;

    @BeforeAll
    static void draw() throws IOException {
        data = TinyData.draw(shared);
    }

    @Test
    void aTerminalShowsTheStepInPlaceAndTheLogAboveIt() throws Exception {
        String seen = inTerminal("xterm", dir.resolve("run"));
        assertThat(seen).containsPattern(DRAWN);
        assertThat(seen).as("lines of the log begin where nothing is left").containsPattern("\r\033\\[K\\d\\d:\\d\\d:\\d\\d Epoch: \\d+, global_step: 50, lr: ");
        assertThat(seen.substring(seen.lastIndexOf("\r\033[K"))).as("the end").matches("\r\033\\[K\\d\\d:\\d\\d:\\d\\d Done after 90 steps, .*\\s+");
        assertThat(seen).as("colours").doesNotContainPattern("\033\\[[\\d;]*m");
    }

    @Test
    void aDumbTerminalShowsPlainLines() throws Exception {
        String seen = inTerminal("dumb", dir.resolve("run"));
        assertThat(seen).contains(" Epoch: 16, global_step: 50, lr: ").doesNotContain("\033").doesNotContain("step 1/90");
    }

    private static String inTerminal(String term, Path run) throws IOException, InterruptedException {
        List<String> arguments = data.training(run, "vit", 30);
        arguments.remove("-q");
        ProcessBuilder builder = new ProcessBuilder("script", "-qec", "stty cols 60; exec " + LAUNCHER + " " + String.join(" ", arguments), "/dev/null");
        builder.environment().put("TERM", term);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.redirectErrorStream(true).start();
        String seen = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(seen).isZero();
        return seen;
    }

    static boolean hasScript() {
        try {
            return new ProcessBuilder("script", "--version").redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
