package ai.modx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventFileTest {

    @TempDir
    Path folder;

    @Test
    void theDecoderOfTheTestsHasTheChecksumOfTheStandard() {
        assertThat(EventDecoder.crc32c(new byte[32])).as("RFC 3720, B.4").isEqualTo(0x8a9136aa);
    }

    @Test
    void everyNumberIsReadBackFromWholeRecords() throws IOException {
        Map<String, Float> scalars = new LinkedHashMap<>();
        scalars.put("train/loss", 0.25f);
        scalars.put("train/" + "long name ".repeat(20), -1e-20f);
        scalars.put("retrieval/K\u00e4tzchen/i2t/r1", 100f);
        List<Event> events = List.of(new Event(1.5e9 + 0.25, 1, Map.of()), new Event(1.5e9, 127, scalars), new Event(0, 128, scalars),
                new Event(1, 1L << 40, scalars));
        Path file = folder.resolve("events");
        try (EventFile log = EventFile.keeping(file, event -> false)) {
            events.forEach(log::append);
        }
        assertThat(EventDecoder.read(file)).isEqualTo(events);
    }

    /** Field by field: wall_time, step, summary, its value, that one's tag and simple_value. */
    @Test
    void theBytesAreThoseOfTheDescription() {
        assertThat(HexFormat.of().formatHex(new Event(2, 300, Map.of("a", 1f)).encode()))
                .isEqualTo("09" + "0000000000000040" + "10" + "ac02" + "2a" + "0a" + "0a" + "08" + "0a" + "01" + "61" + "15" + "0000803f");
    }

    @Test
    void whatWasWrittenAfterTheKeptEventsIsCutOff() throws IOException {
        Path file = write(1, 2, 3, 4);
        try (EventFile log = EventFile.keeping(file, event -> event.step() <= 2)) {
            log.append(event(30));
            log.force();
        }
        assertThat(EventDecoder.read(file)).containsExactly(event(1), event(2), event(30));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 11, 12, 13, 40})
    void halfAnEventIsNotKept(int missing) throws IOException {
        Path file = write(1, 2, 3);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - missing));
        try (EventFile log = EventFile.keeping(file, event -> true)) {
            log.append(event(3));
        }
        assertThat(file).hasBinaryContent(whole);
    }

    @Test
    void nothingIsKeptFromADamagedEventOn() throws IOException {
        Path file = write(1, 2, 3);
        byte[] bytes = Files.readAllBytes(file);
        int record = (bytes.length - versionBytes()) / 3;
        bytes[bytes.length - record - 10] ^= 1; // in the second event
        Files.write(file, bytes);
        EventFile.keeping(file, event -> true).close();
        assertThat(EventDecoder.read(file)).containsExactly(event(1));
    }

    @Test
    void aFileOfSomethingElseBeginsAnew() throws IOException {
        Path file = Files.writeString(folder.resolve("events"), "no events at all, only words");
        EventFile.keeping(file, event -> true).close();
        assertThat(EventDecoder.read(file)).isEmpty();
        assertThat(Files.size(file)).isEqualTo(versionBytes());
    }

    @Test
    void aMissingFolderIsNamed() {
        Path file = folder.resolve("gone").resolve("events");
        assertThatExceptionOfType(SaveException.class).isThrownBy(() -> EventFile.keeping(file, event -> true)).withMessage(
                "Cannot write " + file + ": the folder " + file.getParent() + " does not exist. Checkpoints that were saved before are unchanged");
    }

    @Test
    @EnabledIf(value = "ai.modx.checkpoint.LineFileTest#hasFullDevice", disabledReason = "this system has no /dev/full")
    void aFullDiskIsNamed() {
        assertThatExceptionOfType(SaveException.class).isThrownBy(() -> EventFile.keeping(Path.of("/dev/full"), event -> false))
                .withMessage("Cannot write /dev/full: No space left on device. Checkpoints that were saved before are unchanged");
    }

    private Path write(long... steps) {
        Path file = folder.resolve("events");
        try (EventFile log = EventFile.keeping(file, event -> false)) {
            Arrays.stream(steps).forEach(step -> log.append(event(step)));
        }
        return file;
    }

    private static Event event(long step) {
        return new Event(1e9, step, Map.of("train/loss", (float) step));
    }

    private static int versionBytes() {
        return 12 + "brain.Event:2".length() + 2 + 4;
    }
}
