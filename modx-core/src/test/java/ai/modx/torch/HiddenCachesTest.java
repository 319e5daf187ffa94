package ai.modx.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.modx.torch.HiddenCachesTrial.Caches;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On any processor, oneDNN is left in the state of one that hides its caches, as some virtual machines do. */
@Tag("slow")
class HiddenCachesTest {

    @TempDir
    private Path dir;

    private record Ended(int code, List<String> output) {}

    @BeforeAll
    static void onlyOneBuildOfLibtorchIsKnown() {
        TorchEngine.start();
        assumeThat(OneDnnCaches.loaded()).isPresent();
    }

    @Test
    void realModelsTrainAsIfNothingWereHidden() throws Exception {
        Ended real = trial(Caches.REAL);
        Ended hidden = trial(Caches.HIDDEN);
        assertThat(real.code).isZero();
        assertThat(real.output)
                .hasSize(5)
                .first()
                .isEqualTo("onednn " + TorchEngine.start().oneDnn().caches());
        assertThat(hidden.code).isZero();
        assertThat(hidden.output).first().isEqualTo("onednn MENDED");
        assertThat(hidden.output.subList(1, 5)).as("losses, to the last digit").isEqualTo(real.output.subList(1, 5));
    }

    @Test
    void withoutTheMendingTheFirstStepEndsTheProcess() throws Exception {
        assertThat(trial(Caches.HIDDEN_AFTER_START).code).isNotZero();
        assertThat(dir.resolve("crash")).content().contains("SIGFPE", "libtorch_cpu.so");
    }

    private Ended trial(Caches caches) throws IOException, InterruptedException {
        Path output = Files.createTempFile(dir, "output", "");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx2g",
                        "-XX:+UseSerialGC",
                        "-XX:ErrorFile=" + dir.resolve("crash"),
                        "-XX:-CreateCoredumpOnCrash",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HiddenCachesTrial.class.getName(),
                        caches.name())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new Ended(
                process.waitFor(),
                Files.readAllLines(output).stream()
                        .filter(line -> line.matches("(onednn|RN50|ViTB32) .*"))
                        .toList());
    }
}
