package ai.modx.cli;

import ai.djl.Device;
import ai.modx.data.ImageCache;
import ai.modx.eval.EncoderSettings;
import ai.modx.model.Computation;
import ai.modx.model.Precision;
import ai.modx.train.RunFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The flags that say how features are computed, and where. */
final class ComputingOptions {

    @ArgGroup(validate = false, order = 50, heading = "%nComputation:%n")
    private final Computing computing = new Computing();

    private static final class Computing {

        @Option(names = "--devices", defaultValue = DeviceList.ALL, paramLabel = "LIST",
                description = "CUDA devices such as 0,1, which share the work, or cpu; auto: all visible GPUs, else cpu (default: ${DEFAULT-VALUE})")
        private DeviceList devices;

        @Option(names = "--precision", defaultValue = "fp32", paramLabel = "P",
                description = "arithmetic: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
        private Precision precision;

        @Option(names = "--batch_size", defaultValue = "" + EncoderSettings.DEFAULT_BATCH_SIZE, paramLabel = "N",
                description = "images or captions in a batch (default: ${DEFAULT-VALUE})")
        private int batchSize;

        @Option(names = "--num_workers", defaultValue = "8", paramLabel = "N", description = "threads that load images (default: ${DEFAULT-VALUE})")
        private int workers;

        @Option(names = "--cache_dir", paramLabel = "DIR",
                description = "keep decoded images in this folder, for all checkpoints and runs; never changes the result (default: decode them every time)")
        private Optional<Path> cache = Optional.empty();
    }

    /** @throws ai.modx.config.ConfigException if a number is out of bounds or the folder of images cannot be written */
    void check() {
        FlagBounds.atLeast("--batch_size", computing.batchSize, 1);
        FlagBounds.workers("--num_workers", computing.workers);
        computing.cache.ifPresent(folder -> RunFolder.requireWritable("--cache_dir", folder));
    }

    /** The devices; loads the engine. Picocli looks at signatures, so none may name its classes but in generics. */
    List<Device> devices() {
        return computing.devices.resolve(computing.precision);
    }

    Computation computation() {
        return Computation.in(computing.precision);
    }

    EncoderSettings settings() {
        return new EncoderSettings(computing.batchSize, computing.workers, new ImageCache(computing.cache), computation().shortTexts());
    }
}
