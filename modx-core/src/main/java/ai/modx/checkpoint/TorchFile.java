package ai.modx.checkpoint;

import ai.modx.torch.PickleWriter;
import ai.modx.torch.TorchZipWriter;
import java.nio.file.Path;

/** Writes any tree of plain values and tensors as {@code torch.save} does. */
public final class TorchFile {

    /** As torch names it when it does not know the file's name: the bytes do not depend on where they are written. */
    private static final String ROOT = "archive";

    private TorchFile() {}

    /**
     * Writes a tree, atomically, loading one tensor at a time. Equal trees give equal bytes.
     *
     * @param tree see {@link PickleWriter} for what it may hold
     * @throws SaveException if the file cannot be written
     */
    public static void write(Path file, Object tree) {
        PickleWriter pickle = new PickleWriter(tree);
        AtomicFile.write(file, out -> {
            try (TorchZipWriter zip = new TorchZipWriter(new KeptOpen(out), ROOT)) {
                zip.tree(pickle);
                zip.entry("byteorder", "little");
                zip.entry("version", "3\n");
            }
        });
    }
}
