package ai.modx.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is in a file, its reader answers soon, with a value or a sentence; for more and other inputs see {@link Fuzzer#INPUTS}. */
class HostileFilesTest {

    static List<FuzzTarget> targets() {
        return FuzzTargets.all();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void everyFileIsReadOrRefused(FuzzTarget target) throws IOException {
        try (Fuzzer fuzzer = new Fuzzer(target, Path.of("target", "fuzz"))) {
            for (byte[] seed : target.seeds()) {
                assertThat(fuzzer.accepts(seed)).as("a good file of " + target + " is read").isTrue();
            }
            fuzzer.run(Fuzzer.INPUTS, Fuzzer.SEED);
        }
    }
}
