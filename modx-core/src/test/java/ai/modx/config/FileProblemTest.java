package ai.modx.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class FileProblemTest {

    @TempDir
    Path dir;

    @Test
    void saysWhatTheSystemHasAgainstAFile() throws IOException {
        Path none = dir.resolve("none");
        Path binary = Files.write(dir.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xd8});

        assertThat(problem(() -> Files.readString(none))).isEqualTo("it does not exist");
        assertThat(problem(() -> new FileInputStream(none.toFile()))).isEqualTo("No such file or directory");
        assertThat(problem(() -> Files.readAllLines(dir))).isEqualTo("Is a directory");
        assertThat(problem(() -> Files.readString(binary))).isEqualTo("it is not UTF-8 text");
        assertThat(problem(() -> Files.list(binary))).isEqualTo("it is not a folder");
    }

    @Test
    void unwrapsAndNamesNoClass() {
        assertThat(FileProblem.of(new UncheckedIOException(new FileSystemException("a", null, "No space left on device")))).isEqualTo("No space left on device");
        assertThat(FileProblem.of(new EOFException())).isEqualTo("it ends too early");
        assertThat(FileProblem.of(new IOException("the disk (sda) is gone"))).isEqualTo("the disk (sda) is gone");
        assertThat(FileProblem.of(new IOException())).isEqualTo("the system gives no reason");
    }

    private static String problem(Executable reading) {
        return FileProblem.of(assertThrows(IOException.class, reading));
    }
}
