package ai.modx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launchers are bash scripts")
class LauncherTest {

    private static final Path SCRIPTS = Path.of(System.getProperty("project.root"), "scripts");

    @TempDir
    Path dir;

    private record Result(int exitCode, String output) {}

    @Test
    void worksThroughALinkFromAnywhere() throws Exception {
        Path link = Files.createSymbolicLink(dir.resolve("modx link"), SCRIPTS.resolve("modx"));
        assertThat(run(link, "--version").output()).startsWith("modx ").contains("\nDJL ");
        Files.delete(link);
    }

    @Test
    void passesArgumentsJavaFlagsAndTheExitCodeOn() throws Exception {
        assertThat(run(Map.of("JAVA_OPTS", "-Xmx64m  -Dsome=thing"), SCRIPTS.resolve("modx"), "inspect", "no such file"))
                .isEqualTo(new Result(5, "modx inspect: Checkpoint no such file does not exist. Give a file with weights, such as checkpoint_final.pt "
                        + "in the folder of a run\n"));
        assertThat(run(Map.of("JAVA_OPTS", "-Xmx1k"), SCRIPTS.resolve("modx"), "--help").exitCode()).isEqualTo(1);
    }

    @Test
    void saysThatJavaIsMissingOrTooOld() throws Exception {
        String home = dir.toString();
        assertThat(run(Map.of("JAVA_HOME", home), SCRIPTS.resolve("modx"))).isEqualTo(new Result(1, "JAVA_HOME is " + home
                + ", but there is no " + home + "/bin/java.\nSet JAVA_HOME to a Java of version 17 or newer, or unset it.\n"));

        Path java = Files.createDirectory(dir.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        assertThat(run(Map.of("JAVA_HOME", home), SCRIPTS.resolve("modx"))).isEqualTo(new Result(1,
                "Java 17 or newer is needed, but " + java + " is version 11.\nSet JAVA_HOME to a newer one.\n"));
    }

    @Test
    void threadsThatWaitLeaveTheProcessorToOtherCommandsUnlessTheUserSaysOtherwise() throws Exception {
        Path java = Files.createDirectory(dir.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\n[ \"$1\" = -version ] && echo 'openjdk version \"17.0.2\"' >&2 || echo \"spins $GOMP_SPINCOUNT\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Map<String, String> none = Map.of("JAVA_HOME", dir.toString(), "OMP_WAIT_POLICY", "", "GOMP_SPINCOUNT", "");
        assertThat(run(none, SCRIPTS.resolve("modx")).output()).isEqualTo("spins 1000\n");
        assertThat(run(Map.of("JAVA_HOME", dir.toString(), "OMP_WAIT_POLICY", "", "GOMP_SPINCOUNT", "5"), SCRIPTS.resolve("modx")).output()).isEqualTo("spins 5\n");
        assertThat(run(Map.of("JAVA_HOME", dir.toString(), "OMP_WAIT_POLICY", "ACTIVE", "GOMP_SPINCOUNT", ""), SCRIPTS.resolve("modx")).output()).isEqualTo("spins \n");
    }

    @Test
    void saysHowToBuild() throws Exception {
        Path scripts = Files.createDirectory(dir.resolve("scripts"));
        copyTo(scripts);
        Result result = run(scripts.resolve("modx"), "--help");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.output()).matches("The toolkit is not built yet\\. Build it with:\n  mvn -q -DskipTests -f \\S+/pom.xml package\n");
    }

    @Test
    void worksBelowFoldersWithAnyNameButAColon() throws Exception {
        Path odd = project("odd[1] * 'ö'");
        assertThat(run(odd.resolve("scripts/modx"), "--version").output()).startsWith("modx ");
        Path colon = project("odd:x");
        assertThat(run(colon.resolve("scripts/modx"), "--version")).isEqualTo(new Result(1, "The toolkit lies in " + colon
                + ", and Java divides its class path at the colon. Move or rename the folder.\n"));
    }

    @Test
    void readsFilesOfAnyNameWhateverTheLanguage() throws Exception {
        Path images = Files.createDirectories(dir.resolve("data/klasse"));
        Files.write(images.resolve("Bär.png"), new byte[] {1});
        for (String language : List.of("C", "", "tlh_QO.UTF-8")) {
            Result result = run(Map.of("LC_ALL", language, "LANG", language), SCRIPTS.resolve("modx"), "check-data", "--image_folder", "data");
            assertThat(result.exitCode()).as(language + ": " + result.output()).isEqualTo(3);
            assertThat(result.output()).contains("Bär.png");
        }
    }

    /** A copy of the scripts beside the built jars, below a folder of a name. */
    private Path project(String name) throws IOException {
        Path project = Files.createDirectory(dir.resolve(name));
        copyTo(Files.createDirectory(project.resolve("scripts")));
        Files.createSymbolicLink(project.resolve("target"), SCRIPTS.resolveSibling("target"));
        return project;
    }

    private static void copyTo(Path scripts) throws IOException {
        for (String name : List.of("modx", "launch.sh", "locale.sh")) {
            Files.copy(SCRIPTS.resolve(name), scripts.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    @Test
    void trainsFromTheShell() throws Exception {
        Path scene = dir.resolve("my data");
        Result drawn = run(SCRIPTS.resolve("modx"), "sample-data", "--out", scene.toString(), "--images", "4", "--image_size", "32");
        assertThat(drawn.exitCode()).as(drawn.output()).isZero();
        String[] arguments = {"--model_name", "tiny_rn", "--devices", "cpu", "--num_workers", "1", "--num_train_epochs", "1",
            "--per_gpu_train_batch_size", "2", "--coco_train_annotation_file", scene.resolve("coco/annotations/captions_train2014.json").toString(),
            "--coco_train_img_dir", scene.resolve("coco/train2014").toString(), "--train_dir", "run"};
        Result begun = run(SCRIPTS.resolve("joint-train"), with(arguments, "--max_steps", "1"));
        assertThat(begun.exitCode()).as(begun.output()).isZero();
        assertThat(begun.output()).containsPattern("Stopped after 1 of 2 steps, last loss [0-9.]+\\. "
                + "To continue: the same command with --resume latest and another --max_steps\n");
        Result trained = run(SCRIPTS.resolve("joint-train"), with(arguments, "--resume", "latest"));
        assertThat(trained.exitCode()).as(trained.output()).isZero();
        assertThat(trained.output()).contains("4 images with 20 captions").contains("Epoch 1 of 1 done").contains("Done after 2 steps")
                .contains("run/checkpoint_final.pt").doesNotContain("WARN", "ERROR", "Exception");
        assertThat(dir.resolve("run/checkpoint_final.pt")).isNotEmptyFile();

        assertThat(run(SCRIPTS.resolve("joint-train"), arguments)).isEqualTo(new Result(2, "joint-train: --train_dir run already holds a run"
                + " (stats.txt). Choose another folder, or continue that run with --resume latest\n"));
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.of(arguments, more).flatMap(Stream::of).toArray(String[]::new);
    }

    private Result run(Path launcher, String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), launcher, arguments);
    }

    /** With the Java that runs the tests, unless the environment names another. */
    private Result run(Map<String, String> environment, Path launcher, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(launcher.toString()).directory(dir.toFile()).redirectErrorStream(true);
        builder.command().addAll(List.of(arguments));
        builder.environment().remove("JAVA_OPTS");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
