package ai.modx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    @TempDir
    Path folder;

    @Test
    void theFileIsReplacedAndNothingIsLeftBesideIt() throws IOException {
        Path file = folder.resolve("a.txt");
        AtomicFile.write(file, out -> text(out, "a long first version"));
        AtomicFile.write(file, out -> text(out, "second"));
        assertThat(file).hasContent("second");
        assertThat(names()).containsExactly("a.txt");
    }

    @Test
    void aFullDiskLeavesTheEarlierFileAndNoRest() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "earlier");
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
            text(out, "half");
            throw new IOException("No space left on device");
        })).isInstanceOf(SaveException.class)
                .hasMessage("Cannot write " + file + ": No space left on device. What was there before is unchanged");
        assertThat(file).hasContent("earlier");
        assertThat(names()).containsExactly("a.txt");
    }

    @Test
    void aPipeStaysAPipe() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        assertThatThrownBy(() -> AtomicFile.write(pipe, new byte[1])).isInstanceOf(SaveException.class)
                .hasMessage("Cannot write " + pipe + ": it is a device or a pipe; name a file. What was there before is unchanged");
        assertThat(Files.isRegularFile(pipe)).isFalse();
        assertThat(names()).containsExactly("pipe");
    }

    @Test
    void aFailureOfTheContentItselfLeavesNoRestEither() throws IOException {
        assertThatThrownBy(() -> AtomicFile.write(folder.resolve("a.txt"), out -> {
            throw new IllegalStateException("engine");
        })).isInstanceOf(IllegalStateException.class);
        assertThat(names()).isEmpty();
    }

    @Test
    void whileItIsWrittenItHasANameThatTellsSo() {
        AtomicFile.write(folder.resolve("a.txt"), out -> {
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files).singleElement().satisfies(file -> assertThat(AtomicFile.isUnfinished(file)).isTrue());
            }
        });
        assertThat(AtomicFile.isUnfinished(folder.resolve("a.txt"))).isFalse();
    }

    @Test
    void aMissingFolderIsNamed() {
        Path file = folder.resolve("gone").resolve("a.txt");
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {})).isInstanceOf(SaveException.class).hasMessage(
                "Cannot write " + file + ": the folder " + file.getParent() + " does not exist. What was there before is unchanged");
    }

    @Test
    void aFolderInThePlaceOfTheFileIsRefused() throws IOException {
        Path file = Files.createDirectory(folder.resolve("a.txt"));
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {}))
                .hasMessage("Cannot write " + file + ": it is a folder. What was there before is unchanged");
    }

    @Test
    void aReadOnlyFolderIsNamed() throws IOException {
        Path locked = Files.createDirectory(folder.resolve("locked"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeTrue(!Files.isWritable(locked), "the superuser may write to every folder");
        assertThatThrownBy(() -> AtomicFile.write(locked.resolve("a.txt"), out -> {}))
                .hasMessageContaining("the folder " + locked + " may not be written to");
    }

    @Test
    void aLinkStaysALinkAndItsTargetIsReplaced() throws IOException {
        Path target = Files.writeString(Files.createDirectory(folder.resolve("there")).resolve("target.txt"), "earlier");
        Path link = Files.createSymbolicLink(folder.resolve("link.txt"), Path.of("there", "target.txt"));
        AtomicFile.write(link, out -> text(out, "new"));
        assertThat(link).isSymbolicLink();
        assertThat(target).hasContent("new");
    }

    @Test
    void linksInACircleAreRefused() throws IOException {
        Path a = folder.resolve("a");
        Files.createSymbolicLink(folder.resolve("b"), a);
        Files.createSymbolicLink(a, folder.resolve("b"));
        assertThatThrownBy(() -> AtomicFile.write(a, out -> {})).hasMessageContaining("its symbolic links lead in a circle");
    }

    private static void text(FileChannel out, String text) throws IOException {
        out.write(ByteBuffer.wrap(text.getBytes()));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
