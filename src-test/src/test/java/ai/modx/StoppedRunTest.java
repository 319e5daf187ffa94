package ai.modx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.jointtrain.JointTrain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run in a process of its own that gets signals, and one that meets another in its folder. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no such signals")
class StoppedRunTest {

    private static final Path LAUNCHER = Path.of(System.getProperty("project.root"), "scripts", "joint-train");

    /** Enough that a signal meets a run that goes on. */
    private static final int EPOCHS = 60;

    @TempDir
    static Path shared;

    @TempDir
    Path dir;

    private static TinyData data;
    private static byte[] whole;

    @BeforeAll
    static void trainWithoutAStop() throws IOException {
        data = TinyData.draw(shared);
        Path run = shared.resolve("whole");
        assertThat(Outcome.of(new JointTrain(), arguments(run)).exitCode()).isZero();
        whole = Files.readAllBytes(run.resolve("checkpoint_final.pt"));
    }

    @ParameterizedTest
    @CsvSource({"TERM,143", "INT,130", "USR1,0"})
    void aSignalEndsTheStepSavesAndTheSameCommandGoesOnToTheSameBits(String signal, int exitCode) throws Exception {
        Path run = dir.resolve("run");
        Process process = start(run);
        awaitSteps(run, 5);
        signal(process, signal);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(exitCode);
        assertThat(run.resolve("checkpoint_final.pt")).doesNotExist();

        assertThat(Outcome.of(new JointTrain(), arguments(run)).exitCode()).isZero();
        assertThat(Files.readAllBytes(run.resolve("checkpoint_final.pt"))).isEqualTo(whole);
        assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSize(3 * EPOCHS);
    }

    @Test
    void aKilledRunGoesOnFromItsLastCheckpointToTheSameBits() throws Exception {
        Path run = dir.resolve("run");
        Process process = start(run);
        awaitSteps(run, 23);
        process.destroyForcibly().waitFor();
        assertThat(Outcome.of(new JointTrain(), arguments(run)).exitCode()).isZero();
        assertThat(Files.readAllBytes(run.resolve("checkpoint_final.pt"))).isEqualTo(whole);
        assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSize(3 * EPOCHS);
    }

    @Test
    void aSecondRunInTheSameFolderIsRefused() throws Exception {
        Path run = dir.resolve("run");
        Process process = start(run);
        awaitSteps(run, 2);
        Path underConstruction = Files.createFile(run.resolve(".checkpoint_0_1.pt.part"));
        Outcome second = Outcome.of(new JointTrain(), arguments(run));
        assertThat(second.exitCode()).isEqualTo(2);
        assertThat(underConstruction).as("what the first run is writing").exists();
        assertThat(second.err()).contains(" is in use by another run. Wait for it, or choose another folder");
        process.destroyForcibly().waitFor();
    }

    private static List<String> arguments(Path run) {
        List<String> arguments = new ArrayList<>(data.training(run, "vit", EPOCHS));
        arguments.addAll(List.of("--resume", "latest", "--save_steps", "20"));
        return arguments;
    }

    private static Process start(Path run) throws IOException {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
        command.addAll(arguments(run));
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static void signal(Process process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor()).isZero();
    }

    /** Waits until a run has taken some steps. */
    private static void awaitSteps(Path run, int count) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        Path metrics = run.resolve("metrics.jsonl");
        while (steps(metrics) < count) {
            assertThat(System.nanoTime()).as("the run has taken " + count + " steps in time").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static long steps(Path metrics) throws IOException {
        if (!Files.exists(metrics)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(metrics)) {
            return lines.count();
        }
    }
}
