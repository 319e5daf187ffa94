package ai.modx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.Golden;
import ai.modx.torch.HostTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to a file, reading it ends in a value or in a {@link CheckpointException}, soon. */
class DamagedFileTest {

    private static final int TRIES = 200;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"variety_zip.pt", "variety_legacy.pt", "variety_protocol4.pt", "variety_expected.safetensors", "own.pt"})
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void flippedBytesGiveAValueOrAnError(String name) throws IOException {
        byte[] good = good(name);
        Random random = new Random(1);
        for (int i = 0; i < TRIES; i++) {
            byte[] bad = good.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            survives(bad);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"variety_zip.pt", "variety_legacy.pt", "variety_protocol4.pt", "variety_expected.safetensors", "own.pt"})
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aFileCutAnywhereIsAnError(String name) throws IOException {
        byte[] good = good(name);
        Random random = new Random(2);
        for (int i = 0; i < TRIES; i++) {
            assertThat(survives(Arrays.copyOf(good, random.nextInt(good.length)))).as("cut file was read").isFalse();
        }
    }

    /** Tensors carry checksums in the zip formats, so damage there is never read as other numbers. */
    @ParameterizedTest
    @ValueSource(strings = {"variety_zip.pt", "own.pt"})
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aFlippedByteNeverChangesATensorUnnoticed(String name) throws IOException {
        byte[] good = good(name);
        Path file = folder.resolve("good.pt");
        Files.write(file, good);
        Map<String, HostTensor> expected = tensors(file);
        Random random = new Random(3);
        for (int i = 0; i < TRIES; i++) {
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            if (survives(bad)) {
                Map<String, HostTensor> read = tensors(folder.resolve("bad.pt"));
                expected.forEach((key, tensor) -> assertThat(read.get(key).data()).isEqualTo(tensor.data()));
            }
        }
    }

    private byte[] good(String name) throws IOException {
        if (!name.equals("own.pt")) {
            return Files.readAllBytes(Golden.path("checkpoints/" + name));
        }
        Path file = folder.resolve(name);
        CheckpointWriter.write(file, new CheckpointContents(1, 2, Map.of("w", HostTensor.of(new float[] {1, 2, 3, 4}, 2, 2)),
                Optional.empty(), Map.of("state", Map.of("w", HostTensor.of(new float[] {1, 2, 3, 4}, 2, 2)))));
        return Files.readAllBytes(file);
    }

    /** Whether it could be read. */
    private boolean survives(byte[] content) throws IOException {
        Path file = folder.resolve("bad.pt");
        Files.write(file, content);
        try {
            CheckpointFile.read(file);
            return true;
        } catch (CheckpointException expected) {
            return false;
        }
    }

    private static Map<String, HostTensor> tensors(Path file) {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        CheckpointFile.read(file).root().get("state").asMap().forEach((name, tensor) -> tensors.put(name, tensor.asTensor()));
        return tensors;
    }
}
