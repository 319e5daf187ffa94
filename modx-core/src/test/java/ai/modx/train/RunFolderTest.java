package ai.modx.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.modx.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunFolderTest {

    @TempDir
    Path dir;

    @Test
    void foldersThatDoNotExistAreFreshAndNotCreatedByTheCheck() {
        RunFolder folder = new RunFolder(dir.resolve("a/logs"), dir.resolve("b/checkpoints"));
        assertThatCode(folder::requireFresh).doesNotThrowAnyException();
        assertThat(dir).isEmptyDirectory();
        folder.create();
        assertThat(dir.resolve("a/logs")).isDirectory();
        assertThat(dir.resolve("b/checkpoints")).isDirectory();
    }

    @Test
    void otherFilesDoNotMatter() throws IOException {
        Files.writeString(dir.resolve("notes.txt"), "");
        Files.writeString(dir.resolve("model.pt"), "");
        assertThatCode(() -> new RunFolder(dir, dir).requireFresh()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stats.txt", "metrics.jsonl", "run.json"})
    void aFolderWithLogsHoldsARun(String file) throws IOException {
        Files.writeString(dir.resolve(file), "");
        refuses(new RunFolder(dir, dir.resolve("other")), "--train_dir " + dir + " already holds a run (" + file
                + "). Choose another folder, or continue that run with --resume latest");
    }

    @Test
    void aFolderWithCheckpointsHoldsARun() throws IOException {
        Files.writeString(dir.resolve("checkpoint_3_120.pt"), "");
        refuses(new RunFolder(dir.resolve("logs"), dir), "--saved_checkpoints " + dir + " already holds a run (checkpoint_3_120.pt)."
                + " Choose another folder, or continue that run with --resume latest");
    }

    @Test
    void aFileCannotBeAFolder() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "");
        refuses(new RunFolder(file, file), "--train_dir " + file + " cannot be created: " + file + " is not a folder. Choose another place");
        Path below = file.resolve("run");
        refuses(new RunFolder(dir, below), "--saved_checkpoints " + below + " cannot be created: " + file + " is not a folder. Choose another place");
    }

    @Test
    void phasesHaveFoldersOfTheirOwn() {
        assertThat(new RunFolder(dir, dir.resolve("saved")).phase(2)).isEqualTo(new RunFolder(dir.resolve("phase_2"), dir.resolve("saved/phase_2")));
    }

    @Test
    void aRunThatWasMovedIsContinuedThoughItHasNoCheckpointYet() throws IOException {
        RunFolder moved = new RunFolder(dir, dir);
        Files.writeString(dir.resolve("run.json"), "{\"flags\":{},\"saved_checkpoints\":\"/elsewhere\"}");
        assertThatCode(moved::requireSameCheckpoints).doesNotThrowAnyException();
        Files.writeString(dir.resolve("run.json"), "{\"flags\":{\"saved_checkpoints\":\"elsewhere\"},\"saved_checkpoints\":\"/elsewhere\"}");
        assertThatExceptionOfType(ConfigException.class).isThrownBy(moved::requireSameCheckpoints).withMessage("--saved_checkpoints " + dir + ": the run in "
                + dir + " saves into /elsewhere. Give that folder to continue it, or another --train_dir for a new run");
    }

    @Test
    void aRunInPhasesIsNotMixedWithAnother() throws IOException {
        RunFolder folder = new RunFolder(dir, dir);
        Files.createDirectory(dir.resolve("phase_1"));
        assertThatCode(folder::requireNoPhases).doesNotThrowAnyException();
        Files.writeString(dir.resolve("phase_1/run.json"), "{}");
        assertThatExceptionOfType(ConfigException.class).isThrownBy(folder::requireNoPhases).withMessage("--train_dir " + dir
                + " holds a run in phases (phase_1). Choose another folder, or continue that run with --all_phases");
    }

    private static void refuses(RunFolder folder, String message) {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(folder::requireFresh).withMessage(message);
    }
}
