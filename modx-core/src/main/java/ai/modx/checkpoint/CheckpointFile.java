package ai.modx.checkpoint;

import ai.modx.config.FileProblem;
import ai.modx.config.ForeignFile;
import ai.modx.torch.ScriptObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The content of a file with tensors, whatever its format, as a tree. Nothing in the file is executed; tensors are views of
 * the mapped file where their layout allows.
 *
 * <p>TorchScript archives and safetensors have no tree of their own: their tensors appear under {@code model_state_dict},
 * their descriptions and metadata beside it.
 *
 * @param path   where it was read from
 * @param format what it turned out to be
 * @param root   the outermost value
 */
public record CheckpointFile(Path path, Format format, Tree root) {

    private static final int ZIP = 0x04034b50;
    private static final int PICKLE = 0x80;
    /** First bytes of something that is not known. */
    private static final int SHOWN = 16;

    private record Content(Format format, Object tree) {}

    /**
     * Reads a file.
     *
     * @throws CheckpointException if it does not exist, is damaged, is of no known format, or asks for more than plain
     *     values and tensors
     */
    public static CheckpointFile read(Path path) {
        if (!Files.exists(path)) {
            throw new CheckpointException("Checkpoint " + path + " does not exist. Give a file with weights, such as checkpoint_final.pt "
                    + "in the folder of a run");
        }
        if (Files.isDirectory(path)) {
            throw new CheckpointException("Checkpoint " + path + " is a folder; name a file in it");
        }
        try (FileBytes file = new FileBytes(path)) {
            Content content = content(file);
            return new CheckpointFile(path, content.format, new Tree(path, "", content.tree));
        } catch (IOException | UncheckedIOException | FormatException e) {
            throw new CheckpointException("Cannot read checkpoint " + path + ": " + FileProblem.of(e), e);
        }
    }

    private static Content content(FileBytes file) throws IOException {
        if (file.size() == 0) {
            throw new FormatException("the file is empty");
        }
        ByteBuffer start = file.part(0, Math.min(file.size(), ForeignFile.BYTES), "the first bytes");
        if (start.remaining() >= 4 && start.getInt(0) == ZIP) {
            return archive(new ZipArchive(file), file.size());
        }
        if (SafetensorsFile.begins(file)) { // before pickle, whose mark may be the lowest byte of the length of a header
            return new Content(Format.SAFETENSORS, SafetensorsFile.read(file));
        }
        if ((start.get(0) & 0xff) == PICKLE) {
            return new Content(Format.TORCH_LEGACY, LegacyTorchFile.read(file));
        }
        throw new FormatException(ForeignFile.of(start).map(foreign -> "it is " + foreign.words() + ". " + foreign.remedy())
                .orElseGet(() -> "it is neither a torch file (zip or legacy) nor a TorchScript archive nor safetensors; it begins with '" + printable(start) + "'"));
    }

    private static Content archive(ZipArchive zip, long fileSize) throws IOException {
        StorageViews tensors = new StorageViews(storage -> zip.content("data/" + storage.key()), fileSize);
        if (!zip.has("constants.pkl")) {
            return new Content(Format.TORCH, pickle(zip, tensors));
        }
        if (pickle(zip, tensors) instanceof ScriptObject module) {
            return new Content(Format.TORCHSCRIPT, ScriptModuleState.of(module));
        }
        throw new FormatException("its TorchScript archive holds no module");
    }

    private static Object pickle(ZipArchive zip, StorageViews tensors) throws IOException {
        return new PickleReader(zip.content("data.pkl"), new TorchNames(tensors)).read();
    }

    private static String printable(ByteBuffer start) {
        return StandardCharsets.US_ASCII.decode(start.slice(0, Math.min(start.remaining(), SHOWN))).toString().replaceAll("[^ -~]", ".");
    }
}
