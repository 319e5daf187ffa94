package ai.modx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.jointtrain.JointTrain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs that Slurm announces an end to, and one that meets another in its folder. For other signals, see {@link NothingLostTest}. */
@Tag("slow")
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

    @Test
    void slurmsAnnouncementEndsTheStepSavesAndTheSameCommandGoesOnToTheSameBits() throws Exception {
        Path run = dir.resolve("run");
        Process process = start(run);
        awaitSteps(run, 5);
        signal(process, "USR1");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(run.resolve("checkpoint_final.pt")).doesNotExist();

        assertThat(Outcome.of(new JointTrain(), arguments(run)).exitCode()).isZero();
        assertThat(Files.readAllBytes(run.resolve("checkpoint_final.pt"))).isEqualTo(whole);
    }

    @Test
    void aSlurmJobIsRequeuedUntilItsRunHasFinished() throws Exception {
        Path run = dir.resolve("run");
        Path calls = dir.resolve("calls");
        Path scontrol = Files.writeString(Files.createDirectory(dir.resolve("bin")).resolve("scontrol"), "#!/bin/sh\necho \"$*\" >>'" + calls + "'\n");
        assertThat(scontrol.toFile().setExecutable(true)).isTrue();

        Process first = job(run);
        awaitSteps(run, 5);
        signal(first, "USR1");
        assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(first.exitValue()).isZero();
        assertThat(calls).hasContent("requeue 42");

        Process second = job(run);
        assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isZero();
        assertThat(calls).as("finished").hasContent("requeue 42");
        assertThat(Files.readAllBytes(run.resolve("checkpoint_final.pt"))).isEqualTo(whole);
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

    /** The batch script as Slurm starts it: a copy somewhere else. */
    private Process job(Path run) throws IOException {
        Path script = dir.resolve("slurm_script");
        Files.copy(LAUNCHER.resolveSibling("slurm_requeue.sbatch"), script, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
        List<String> command = new ArrayList<>(List.of(script.toString(), LAUNCHER.toString()));
        command.addAll(arguments(run));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().merge("PATH", dir.resolve("bin").toString(), (path, first) -> first + ":" + path);
        builder.environment().put("SLURM_JOB_ID", "42");
        return builder.start();
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
