package ai.modx.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * libtorch, loaded and fit to compute: the one way to the engine. Before the first product, it looks at oneDNN, which computes wrong numbers on
 * some processors unless it is mended.
 */
public final class TorchEngine {

    private final Engine engine;
    private final Processor processor = Processor.current();
    private final OneDnn oneDnn = OneDnn.examined(processor);

    private TorchEngine(Engine engine) {
        this.engine = engine;
    }

    /** Made by the first who needs it, since the library is the process's. */
    private static final class Loaded {
        static final TorchEngine ENGINE = new TorchEngine(Engine.getEngine("PyTorch"));
    }

    /**
     * Loads libtorch, the first time.
     *
     * @throws ai.djl.engine.EngineException if it cannot be loaded
     * @throws IllegalStateException if oneDNN would compute wrong numbers and can be neither mended nor switched off
     */
    public static TorchEngine start() {
        Engine.getEngine("PyTorch"); // fails here, where its exception is not wrapped into one of Java's
        Loaded.ENGINE.oneDnn.requireTrusted();
        return Loaded.ENGINE;
    }

    /** The owner of arrays on a device, which the caller closes. */
    public static NDManager manager(Device device) {
        start();
        return NDManager.newBaseManager(device);
    }

    public String version() {
        return engine.getVersion();
    }

    /** Where its libraries lie. */
    public Path folder() {
        return LibtorchFunction.file().getParent();
    }

    /** GPUs that DJL sees, which may be fewer than {@link CudaDevices} finds. */
    int gpuCount() {
        return engine.getGpuCount();
    }

    public Processor processor() {
        return processor;
    }

    public OneDnn oneDnn() {
        return oneDnn;
    }

    /** What decides about the last digits of what the CPU computes, as run.json has it. */
    public Map<String, String> description() {
        Map<String, String> description = new LinkedHashMap<>();
        description.put("processor", processor.toString());
        description.put("instruction_sets", String.join(" ", processor.vectorSets()));
        description.put("onednn", oneDnn.toString());
        return description;
    }
}
