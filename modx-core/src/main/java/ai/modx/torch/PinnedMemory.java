package ai.modx.torch;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory of the host that CUDA devices read by themselves, which the operating system therefore never moves: a batch is on the device
 * in a fifth of the time. libtorch keeps what is freed for the next one who asks. Where the system gives no such memory, it is ordinary
 * memory, and a warning says so.
 */
final class PinnedMemory implements HostMemory {

    private static final Logger LOG = LoggerFactory.getLogger(PinnedMemory.class);

    private final NDManager manager;
    private final TorchProgram program;

    /** Needs a libtorch that sees a CUDA device. */
    PinnedMemory() {
        manager = TorchEngine.manager(Device.cpu());
        try {
            program = TorchProgram.load(manager, ScriptSource.of(PinnedMemory.class, "pinned.py"), "Pinned", Map.of());
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    @Override
    public Block allocate(int bytes) {
        NDArray memory;
        try (NDArray size = manager.create((long) bytes)) {
            memory = NativeScope.keep(program.call("allocate", size));
        } catch (EngineException e) {
            LOG.warn("The system gives no pinned memory for batches ({} bytes), so they take longer to the GPU: {}", bytes,
                    e.getMessage().lines().filter(line -> line.contains("Error:")).findFirst().orElse(e.getMessage()));
            return ORDINARY.allocate(bytes);
        }
        return new Block(memory.toByteBuffer(true), memory::close);
    }

    @Override
    public void close() {
        program.close();
        manager.close();
    }
}
