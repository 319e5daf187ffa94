package ai.modx.torch;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/** Writes the archive that {@code torch::jit::load} expects: TorchScript's source, and a pickle of one module. */
public final class ScriptArchive {

    /** What the names of all classes of an archive begin with. */
    public static final String NAMESPACE = "__torch__.";

    private ScriptArchive() {}

    /**
     * Writes an archive, loading one tensor at a time. Equal input gives equal bytes.
     *
     * @param out    where it goes; closed
     * @param source holds the classes of the module and of the objects inside it
     * @param module its attributes, those of the class, tensors and other modules among them
     */
    public static void write(WritableByteChannel out, ScriptSource source, ScriptObject module) throws IOException {
        try (TorchZipWriter zip = new TorchZipWriter(out, "program")) {
            zip.tree(new PickleWriter(module));
            zip.entry("code/__torch__.py", source.torchScript());
            zip.entry("constants.pkl", new PickleWriter(Tuple.of()).bytes());
            zip.entry("version", "3\n");
        }
    }
}
