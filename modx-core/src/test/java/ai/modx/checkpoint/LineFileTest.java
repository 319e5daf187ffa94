package ai.modx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

class LineFileTest {

    @TempDir
    Path folder;

    @Test
    void whatWasWrittenAfterTheKeptLinesIsCutOff() throws IOException {
        Path file = Files.writeString(folder.resolve("log"), "one\ntwo\nthree\nhal");
        try (LineFile log = LineFile.afterLines(file, 2)) {
            log.append("new");
            assertThat(log.force()).isEqualTo(3);
        }
        assertThat(file).hasContent("one\ntwo\nnew\n");
    }

    @Test
    void halfALineIsNotKeptEither() throws IOException {
        Path file = Files.writeString(folder.resolve("log"), "one\nhal");
        try (LineFile log = LineFile.afterLines(file, 2)) {
            log.append("new");
            assertThat(log.force()).isEqualTo(2);
        }
        assertThat(file).hasContent("one\nnew\n");
    }

    @Test
    void aFileIsMadeIfThereIsNone() {
        Path file = folder.resolve("log");
        try (LineFile log = LineFile.afterLines(file, 8)) {
            log.append("one");
        }
        assertThat(file).hasContent("one\n");
    }

    @Test
    void aMissingFolderIsNamed() {
        Path file = folder.resolve("gone").resolve("log");
        assertThatExceptionOfType(SaveException.class).isThrownBy(() -> LineFile.afterLines(file, 0)).withMessage(
                "Cannot write " + file + ": the folder " + file.getParent() + " does not exist. Checkpoints that were saved before are unchanged");
    }

    @Test
    @EnabledIf(value = "hasFullDevice", disabledReason = "this system has no /dev/full")
    void aFullDiskIsNamed() {
        Path full = Path.of("/dev/full");
        assertThatExceptionOfType(SaveException.class).isThrownBy(() -> {
            try (LineFile log = LineFile.afterLines(full, 0)) {
                log.append("one");
            }
        }).withMessage("Cannot write /dev/full: No space left on device. Checkpoints that were saved before are unchanged");
    }

    static boolean hasFullDevice() {
        return Files.isWritable(Path.of("/dev/full"));
    }
}
