package ai.modx.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.modx.torch.HostTensor;
import ai.modx.torch.PickleWriter;
import ai.modx.torch.ScriptObject;
import ai.modx.torch.TorchZipWriter;
import ai.modx.torch.Tuple;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Zip archives that contradict themselves. */
class HostileArchiveTest {

    private static final int LOCAL_SIZE_FIELD = 18;
    private static final int CENTRAL_SIZE_FIELD = 20;
    private static final int CENTRAL_OFFSET_FIELD = 42;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "data/../../evil", "..\\evil", "c:evil"})
    void anEntryThatEscapesIsRefused(String name) throws IOException {
        assertRefused(archive(zip -> zip.entry(name, "x")), "points outside of it: 'root/" + name + "'");
    }

    @Test
    void anEntryThatOccursTwiceIsRefused() throws IOException {
        byte[] bytes = archive(zip -> {
            zip.entry("data/1", "x");
            zip.entry("data/2", "x");
        });
        String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("data/2", "data/1");
        assertRefused(text.getBytes(StandardCharsets.ISO_8859_1), "entry 'root/data/1' occurs twice in the archive");
    }

    @Test
    void aSizeThatOnlyTheDirectoryClaimsIsRefused() throws IOException {
        ByteBuffer bytes = buffer(archive(zip -> zip.entry("a", "xyz")));
        setSizes(bytes, central(bytes, 1) + CENTRAL_SIZE_FIELD, 2);
        assertRefused(bytes.array(), "the header of entry 'root/a' disagrees with the zip directory");
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000, Integer.MAX_VALUE, -2})
    void aSizeBeyondTheFileIsRefused(int size) throws IOException {
        ByteBuffer bytes = buffer(archive(zip -> zip.entry("a", "xyz")));
        int central = central(bytes, 1);
        setSizes(bytes, central + CENTRAL_SIZE_FIELD, size);
        setSizes(bytes, bytes.getInt(central + CENTRAL_OFFSET_FIELD) + LOCAL_SIZE_FIELD, size);
        assertRefused(bytes.array(), "reaches into the zip directory");
    }

    @Test
    void anEntryInsideAnotherIsRefused() throws IOException {
        byte[] inner = archive(zip -> zip.entry("b", "xyz"));
        ByteBuffer innerBytes = buffer(inner);
        int innerHeader = innerBytes.getInt(central(innerBytes, 1) + CENTRAL_OFFSET_FIELD);
        ByteBuffer bytes = buffer(archive(zip -> {
            zip.entry("a", inner);
            zip.entry("b", "xyz");
        }));
        int outerContent = bytes.getInt(central(bytes, 2) + CENTRAL_OFFSET_FIELD) - inner.length;
        bytes.putInt(central(bytes, 2) + CENTRAL_OFFSET_FIELD, outerContent + innerHeader);
        assertRefused(bytes.array(), "entry 'root/b' overlaps the one before it");
    }

    @Test
    void aSizeThatOnlyTheEntryClaimsIsRefused() throws IOException {
        for (int claimed : new int[] {1, 4, -1}) {
            ByteBuffer bytes = buffer(archive(zip -> zip.entry("a", "xyz")));
            setSizes(bytes, bytes.getInt(central(bytes, 1) + CENTRAL_OFFSET_FIELD) + LOCAL_SIZE_FIELD, claimed);
            assertRefused(bytes.array(), "the header of entry 'root/a' disagrees with the zip directory");
            bytes.putShort(central(bytes, 1) + 8, (short) 8); // the size follows the content: the entry may say 0, but nothing else
            assertRefused(bytes.array(), "the header of entry 'root/a' disagrees with the zip directory");
        }
    }

    @Test
    void aCompressionThatOnlyTheEntryClaimsIsRefused() throws IOException {
        ByteBuffer bytes = buffer(archive(zip -> zip.entry("a", "xyz")));
        bytes.putShort(bytes.getInt(central(bytes, 1) + CENTRAL_OFFSET_FIELD) + 8, (short) 8);
        assertRefused(bytes.array(), "the header of entry 'root/a' disagrees with the zip directory");
    }

    @Test
    void aDirectoryWithMoreEntriesThanItClaimsIsRefused() throws IOException {
        ByteBuffer bytes = buffer(archive(zip -> zip.entry("a", "xyz")));
        bytes.putLong(bytes.limit() - 22 - 20 - 56 + 32, 1);
        assertRefused(bytes.array(), "the zip directory has more than the 1 entries that it claims");
    }

    @Test
    void aDirectoryThatClaimsMoreEntriesThanItHasIsRefused() throws IOException {
        ByteBuffer bytes = buffer(archive(zip -> {}));
        bytes.putLong(bytes.limit() - 22 - 20 - 56 + 32, Long.MAX_VALUE);
        assertRefused(bytes.array(), "the zip directory ends after 1 of 9223372036854775807 entries");
    }

    @Test
    void aDirectoryOutsideOfTheFileIsRefused() throws IOException {
        ByteBuffer bytes = buffer(archive(zip -> {}));
        bytes.putLong(bytes.limit() - 22 - 20 - 56 + 48, Long.MAX_VALUE - 10);
        assertRefused(bytes.array(), "the zip directory");
    }

    @Test
    void aCompressedPickleIsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("root/data.pkl"));
            zip.write(new PickleWriter(Map.of()).bytes());
        }
        assertRefused(bytes.toByteArray(), "entry 'root/data.pkl' is compressed or encrypted; torch stores tensors as they are");
    }

    @Test
    void controlCharactersAndVeryLongNamesDoNotReachTheTerminal() throws IOException {
        assertRefused(archive(zip -> zip.entry("\u001b[2J/../x", "x")), "points outside of it: 'root/?[2J/../x'");
        assertRefused(archive(zip -> zip.entry("../" + "x".repeat(5000), "x")), "xxx...");
    }

    @Test
    void aDirectoryBeyondAnyCheckpointsIsRefused() throws IOException {
        ByteBuffer bytes = buffer(archive(zip -> {}));
        bytes.putLong(bytes.limit() - 22 - 20 - 56 + 40, 1L << 40);
        assertRefused(bytes.array(), "the zip directory has 1099511627776 bytes; at most 67108864 are supported");
    }

    @Test
    void aModuleInsideItselfIsRefused() throws IOException {
        Map<String, Object> attributes = new LinkedHashMap<>();
        for (int i = 0; i < 70; i++) {
            Map<String, Object> outer = new LinkedHashMap<>();
            outer.put("inner", new ScriptObject("__torch__.K", attributes));
            attributes = outer;
        }
        ScriptObject module = new ScriptObject("__torch__.K", attributes);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TorchZipWriter zip = new TorchZipWriter(bytes, "root")) {
            zip.tree(new PickleWriter(module));
            zip.entry("constants.pkl", new PickleWriter(Tuple.of()).bytes());
        }
        assertRefused(bytes.toByteArray(), "its modules are nested too deeply");
    }

    @Test
    void filesThatAreNotThereOrNoFilesAreNamed() {
        Path missing = folder.resolve("missing.pt");
        assertThatThrownBy(() -> CheckpointFile.read(missing))
                .isInstanceOf(CheckpointException.class).hasMessage("Checkpoint " + missing + " does not exist. Give a file with weights, such as "
                        + "checkpoint_final.pt in the folder of a run");
        assertThatThrownBy(() -> CheckpointFile.read(folder))
                .isInstanceOf(CheckpointException.class).hasMessage("Checkpoint " + folder + " is a folder; name a file in it");
    }

    private interface Entries {
        void addTo(TorchZipWriter zip) throws IOException;
    }

    /** A good archive with one more entry or two. */
    private static byte[] archive(Entries more) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TorchZipWriter zip = new TorchZipWriter(bytes, "root")) {
            zip.entry("data.pkl", new PickleWriter(Map.of("n", HostTensor.of(new float[0], 0))).bytes());
            more.addTo(zip);
        }
        return bytes.toByteArray();
    }

    private void assertRefused(byte[] content, String message) throws IOException {
        Path file = folder.resolve("hostile.pt");
        Files.write(file, content);
        assertThatThrownBy(() -> CheckpointFile.read(file))
                .isExactlyInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("Cannot read checkpoint " + file + ": ")
                .hasMessageContaining(message);
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Where the directory describes the entry of this index. */
    private static int central(ByteBuffer zip, int index) {
        int at = zip.getInt(zip.limit() - 6);
        for (int i = 0; i < index; i++) {
            at += 46 + zip.getShort(at + 28) + zip.getShort(at + 30) + zip.getShort(at + 32);
        }
        return at;
    }

    private static void setSizes(ByteBuffer zip, int at, int size) {
        zip.putInt(at, size).putInt(at + 4, size);
    }
}
