package ai.modx.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * Memory of the host that CUDA devices read by themselves, which the operating system therefore never moves: a batch is on the device
 * in a fifth of the time. libtorch keeps what is freed for the next one who asks.
 */
final class PinnedMemory implements HostMemory {

    private final NDManager manager;
    private final TorchProgram program;

    /** Needs a libtorch that sees a CUDA device. */
    PinnedMemory() {
        manager = NDManager.newBaseManager(Device.cpu());
        program = TorchProgram.load(manager, PinnedMemory.class, "pinned.torchscript.py", "Pinned", Map.of());
    }

    @Override
    public Block allocate(int bytes) {
        NDArray memory;
        try (NDArray size = manager.create((long) bytes)) {
            memory = NativeScope.keep(program.call("allocate", size, List.of()));
        }
        ByteBuffer buffer = memory.toByteBuffer(true);
        return new Block() {
            @Override
            public ByteBuffer buffer() {
                return buffer;
            }

            @Override
            public void close() {
                memory.close();
            }
        };
    }

    @Override
    public void close() {
        program.close();
        manager.close();
    }
}
