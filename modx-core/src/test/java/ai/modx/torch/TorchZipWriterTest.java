package ai.modx.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchZipWriterTest {

    @TempDir
    Path folder;

    @Test
    void theJdkReadsWhatWasWritten() throws IOException {
        Path file = folder.resolve("a.pt");
        Files.write(file, archive());
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(zip.stream().map(e -> e.getName()).toList())
                    .containsExactly("root/data.pkl", "root/data/0", "root/data/1", "root/version");
            assertThat(zip.getInputStream(zip.getEntry("root/version")).readAllBytes()).asString().isEqualTo("3\n");
            assertThat(zip.getInputStream(zip.getEntry("root/data/1")).readAllBytes()).hasSize(24);
        }
    }

    @Test
    void everyContentStartsAtAMultipleOf64() throws IOException {
        byte[] bytes = archive();
        int marks = 0;
        for (int i = 0; i + 4 < bytes.length; i++) {
            if (bytes[i] == 'P' && bytes[i + 1] == 'K' && bytes[i + 2] == 3 && bytes[i + 3] == 4) {
                int start = i + 30 + (bytes[i + 26] & 0xff) + (bytes[i + 28] & 0xff);
                assertThat(start % 64).isZero();
                marks++;
            }
        }
        assertThat(marks).isEqualTo(4);
    }

    @Test
    void equalInputGivesEqualBytes() throws IOException {
        assertThat(archive()).isEqualTo(archive());
    }

    @Test
    void aSecondEntryOfTheSameNameIsRefused() throws IOException {
        try (TorchZipWriter zip = new TorchZipWriter(new ByteArrayOutputStream(), "root")) {
            zip.entry("version", "3\n");
            assertThatThrownBy(() -> zip.entry("version", "3\n"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("The archive already has an entry 'version'");
        }
    }

    private static byte[] archive() throws IOException {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("a", HostTensor.of(new float[] {1}));
        tree.put("b", HostTensor.of(new float[6], 2, 3));
        tree.put("c", List.of(1, 300, 70_000, 1L << 40));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TorchZipWriter zip = new TorchZipWriter(bytes, "root")) {
            zip.tree(new PickleWriter(tree));
            zip.entry("version", "3\n");
        }
        return bytes.toByteArray();
    }
}
