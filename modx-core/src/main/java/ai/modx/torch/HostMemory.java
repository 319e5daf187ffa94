package ai.modx.torch;

import ai.djl.Device;
import java.nio.ByteBuffer;
import java.util.List;

/** Where memory for batches on their way to a device comes from. */
public interface HostMemory extends AutoCloseable {

    /**
     * A piece of memory, to be closed when nobody uses its buffer any more.
     *
     * @param buffer  direct, with arbitrary contents
     * @param release frees it
     */
    record Block(ByteBuffer buffer, Runnable release) implements AutoCloseable {

        @Override
        public void close() {
            release.run();
        }
    }

    /** The JVM's own direct buffers, which it frees when it collects garbage. */
    HostMemory ORDINARY = bytes -> new Block(ByteBuffer.allocateDirect(bytes), () -> { });

    /** From which batches are soon on the devices. */
    static HostMemory forDevices(List<Device> devices) {
        return devices.stream().anyMatch(Device::isGpu) ? new PinnedMemory() : ORDINARY;
    }

    /** Frees all that was allocated, in use or not, if it is not the garbage collector's. */
    @Override
    default void close() {}

    /**
     * Memory for so many bytes.
     *
     * @throws OutOfMemoryError or the engine's exception if there is none
     */
    Block allocate(int bytes);
}
