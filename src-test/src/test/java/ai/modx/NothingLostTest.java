package ai.modx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The scripts that put runs to the test, in short; at their full length they take a quarter of an hour each. */
@Tag("slow")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the scripts are bash scripts")
class NothingLostTest {

    private static final Path SCRIPTS = Path.of(System.getProperty("project.root"), "scripts");

    @TempDir
    Path dir;

    private record Result(int exitCode, String output) {}

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "the script needs a newer bash than macOS has")
    void killedAndStoppedRunsEndWithTheBitsOfTheOneWithoutABreak() throws Exception {
        Result result = run(12, "crash-test.sh", "--kills", "4", "--signal", "KILL,TERM,INT,HUP", "--out", dir.resolve("out").toString(), "joint", "modx", "linear");
        assertThat(result.output()).contains("Nothing was lost").contains("\njoint: 4 signals (KILL TERM INT HUP), ", "\nmodx: 4 signals", "\nlinear: 4 signals");
        assertThat(result.exitCode()).isZero();
    }

    /** A limit of the size of files needs no rights, unlike a full disk; what the commands do about either is the same. */
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "the limit counts other units elsewhere")
    void aDiskThatTakesNoMoreStopsARunAndLosesNothing() throws Exception {
        Result result = run(20, "fault-test.sh", "--fault", "quota", "--out", dir.resolve("out").toString(), "joint", "linear", "sample-data");
        assertThat(result.output()).contains("joint, quota: well. joint-train: Cannot write run/checkpoint_", ": File too large. What was there before is unchanged")
                .contains("linear, quota: well. linear-eval: Cannot write run/").contains("sample-data, quota: well.").contains("All 3 as they should be");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "the script needs a newer bash than macOS has")
    void aDifferenceIsNotOverlooked() throws Exception {
        Path reference = run("reference", step(1) + step(2) + step(3));
        assertThat(same(reference, run("equal", step(1) + step(2) + step(3).replace("0.25", "0.5"))).exitCode()).as("times differ").isZero();
        assertThat(same(reference, run("gap", step(1) + step(3))).output()).contains("step 3 follows step 1");
        assertThat(same(reference, run("twice", step(1) + step(2) + step(2) + step(3))).output()).contains("step 2 follows step 2");
        assertThat(same(reference, run("other", step(1) + step(2) + step(3).replace("\"loss\":3", "\"loss\":4"))).exitCode()).isEqualTo(1);
        Files.createFile(dir.resolve("equal/run/.checkpoint_final.pt.part"));
        assertThat(same(reference, dir.resolve("equal")).output()).contains("left behind: ");
    }

    private static String step(int step) {
        return "{\"epoch\":0,\"global_step\":" + step + ",\"loss\":" + step + ",\"step_s\":0.25}\n";
    }

    private Path run(String name, String metrics) throws IOException {
        Path folder = Files.createDirectories(dir.resolve(name).resolve("run")).getParent();
        Files.writeString(folder.resolve("run/metrics.jsonl"), metrics);
        return folder;
    }

    private Result same(Path reference, Path folder) throws IOException, InterruptedException {
        return run(0, List.of("bash", "-c", "root=$1 WORK=$2; source \"$root/scripts/tiny_runs.sh\"; same_run \"$3\" \"$4\"", "bash",
                SCRIPTS.getParent().toString(), dir.toString(), reference.toString(), folder.toString()));
    }

    private Result run(int epochs, String script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(SCRIPTS.resolve(script).toString()));
        command.addAll(List.of(arguments));
        return run(epochs, command);
    }

    private static Result run(int epochs, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("EPOCHS", Integer.toString(epochs));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("JAVA_OPTS");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
