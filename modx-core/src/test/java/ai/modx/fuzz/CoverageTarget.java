package ai.modx.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A reader as coverage-guided fuzzers such as Jazzer want it: {@code -Dfuzz.target} names the reader, and its good inputs go
 * into the folder of {@code -Dfuzz.corpus}. Not a test; the profile {@code fuzz} runs it.
 */
public final class CoverageTarget {

    private static Fuzzer fuzzer;

    private CoverageTarget() {}

    public static void fuzzerInitialize() throws IOException {
        FuzzTarget target = FuzzTargets.all().stream().filter(each -> each.name().equals(System.getProperty("fuzz.target"))).findFirst().orElseThrow();
        Path corpus = Files.createDirectories(Path.of(System.getProperty("fuzz.corpus")));
        for (int i = 0; i < target.seeds().size(); i++) {
            Files.write(corpus.resolve("seed-" + i), target.seeds().get(i));
        }
        fuzzer = new Fuzzer(target, Path.of("target", "fuzz"));
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        fuzzer.tryOut(input);
    }
}
