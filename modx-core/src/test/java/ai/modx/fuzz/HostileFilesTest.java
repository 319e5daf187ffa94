package ai.modx.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is in a file, its reader answers soon, with a value or a sentence; for more and other inputs see {@link Fuzzer#INPUTS} and
 * {@code make fuzz}. What the readers did stands in {@code target/fuzz/table.txt} afterwards.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileFilesTest {

    private static final Path FOLDER = Path.of("target", "fuzz");
    private static final Path TABLE = FOLDER.resolve("table.txt");
    /** {@code -Dfuzz.total}: how many inputs are tried on all readers together; 0 leaves it to {@link Fuzzer#INPUTS}. */
    private static final int TOTAL = Integer.getInteger("fuzz.total", 0);

    private final Map<String, Tally> tallies = new LinkedHashMap<>();

    static List<FuzzTarget> targets() {
        return FuzzTargets.all();
    }

    /** An old table would pass for that of a run that has failed. */
    @BeforeAll
    void dropTable() throws IOException {
        Files.deleteIfExists(TABLE);
    }

    @ParameterizedTest
    @MethodSource("targets")
    void everyFileIsReadOrRefused(FuzzTarget target) throws IOException {
        try (Fuzzer fuzzer = new Fuzzer(target, FOLDER)) {
            for (byte[] seed : target.seeds()) {
                assertThat(fuzzer.accepts(seed)).as("a good file of " + target + " is read").isTrue();
            }
            int inputs = TOTAL == 0 ? Fuzzer.INPUTS : (TOTAL + targets().size() - 1) / targets().size();
            tallies.put(target.name(), fuzzer.run(inputs, Fuzzer.SEED));
        }
    }

    @AfterAll
    void writeTable() throws IOException {
        StringBuilder table = new StringBuilder(Tally.HEAD);
        tallies.forEach((reader, tally) -> table.append(tally.line(reader)));
        table.append(tallies.values().stream().reduce(Tally.NONE, Tally::and).line("all " + tallies.size()));
        Files.writeString(TABLE, table);
    }
}
