package ai.modx.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OneDnnTest {

    @TempDir
    private Path dir;

    @ParameterizedTest
    @CsvSource({"v3.7.1, true", "v2.6.0, true", "v3.8, false", "v3.10.2, false", "v4.0, false", "something, true"})
    void versionsBefore3Point8ReadCachesThatAreNotThere(String version, boolean fault) {
        assertThat(OneDnn.hasFault(Optional.of(version))).isEqualTo(fault);
    }

    @Test
    void anUnknownVersionMayHaveTheFault() {
        assertThat(OneDnn.hasFault(Optional.empty())).isTrue();
    }

    @Test
    void processorsOfAmdWithoutTheFlagMayHideTheirCaches() {
        assertThat(new Processor("AuthenticAMD", "EPYC", Set.of("avx2")).hidesCaches())
                .isTrue();
        assertThat(new Processor("AuthenticAMD", "EPYC", Set.of("avx2", "topoext")).hidesCaches())
                .isFalse();
        assertThat(new Processor("GenuineIntel", "Xeon", Set.of("avx2")).hidesCaches())
                .isFalse();
    }

    @Test
    void theEngineTellsWhatItComputesWith() {
        TorchEngine engine = TorchEngine.start();
        assertThat(engine.description()).containsKeys("processor", "instruction_sets", "onednn");
        assertThat(engine.description().get("onednn")).contains("caches");
        assertThat(OneDnnCaches.loaded().map(OneDnnCaches::areImpossible).orElse(false))
                .as("mended, if need be")
                .isFalse();
    }

    @Test
    void oneDnnIsSwitchedOffAndOn() {
        OneDnn oneDnn = TorchEngine.start().oneDnn();
        boolean used = oneDnn.isUsed();
        oneDnn.use(false);
        assertThat(oneDnn.isUsed()).isFalse();
        assertThat(oneDnn).asString().contains("switched off");
        oneDnn.use(true);
        assertThat(oneDnn.isUsed()).isTrue();
        oneDnn.use(used);
    }

    @Test
    void filesWithoutABuildIdHaveNone() throws IOException {
        assertThat(BuildId.of(Files.writeString(dir.resolve("text"), "no library")))
                .isEmpty();
        assertThat(BuildId.of(Files.write(dir.resolve("elf"), new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1})))
                .isEmpty();
        assertThat(BuildId.of(dir.resolve("missing"))).isEmpty();
    }
}
