package ai.modx.checkpoint;

import ai.modx.model.ModelConfig;
import ai.modx.model.PixelStatistics;
import ai.modx.model.StandaloneClip;
import ai.modx.torch.TensorSource;
import java.nio.file.Path;
import java.util.Map;

/** Writes a model as an archive that runs on its own. */
public final class ExportFile {

    private ExportFile() {}

    /**
     * Writes a {@link StandaloneClip} with CLIP's pixel statistics, atomically.
     *
     * @param model see {@link StandaloneClip#write}
     * @throws SaveException if the file cannot be written
     */
    public static void write(Path file, ModelConfig config, Map<String, ? extends TensorSource> model) {
        AtomicFile.write(file, out -> StandaloneClip.write(new KeptOpen(out), config, PixelStatistics.CLIP, model));
    }
}
