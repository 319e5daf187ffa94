package ai.modx.checkpoint;

import ai.modx.torch.OrderedDict;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Writes checkpoints that Python reads: torch's zip format with the original's keys, or safetensors (the model alone) where
 * the file's name ends so. Atomic, one tensor in memory at a time, equal contents give equal bytes.
 */
public final class CheckpointWriter {

    private static final String SAFETENSORS_SUFFIX = ".safetensors";

    private CheckpointWriter() {}

    /**
     * Writes a checkpoint.
     *
     * @throws SaveException if the file cannot be written; an earlier file of that name is then unchanged
     */
    public static void write(Path file, CheckpointContents contents) {
        if (file.toString().toLowerCase(Locale.ROOT).endsWith(SAFETENSORS_SUFFIX)) {
            SafetensorsWriter.write(file, contents.model(), metadata(contents));
        } else {
            TorchFile.write(file, tree(contents));
        }
    }

    static Map<String, Object> tree(CheckpointContents contents) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(Checkpoint.EPOCH, contents.epoch());
        tree.put(Checkpoint.GLOBAL_STEP, contents.globalStep());
        tree.put(Checkpoint.MODEL, new OrderedDict(contents.model()));
        contents.optimizer().ifPresent(state -> tree.put(Checkpoint.OPTIMIZER, state.toTree()));
        tree.putAll(contents.extra());
        return tree;
    }

    /** The format holds texts only: of the extra entries, those that are texts or single values are kept. */
    private static Map<String, String> metadata(CheckpointContents contents) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", "pt"); // readers of other libraries expect it
        metadata.put(Checkpoint.EPOCH, Long.toString(contents.epoch()));
        metadata.put(Checkpoint.GLOBAL_STEP, Long.toString(contents.globalStep()));
        contents.extra().forEach((key, value) -> {
            if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                metadata.put(key, value.toString());
            }
        });
        return metadata;
    }
}
