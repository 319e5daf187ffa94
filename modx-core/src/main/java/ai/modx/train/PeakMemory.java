package ai.modx.train;

import ai.djl.Device;
import ai.modx.torch.CudaDevices;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The most memory that was ever seen to be taken where the model is computed: of the GPU on which most is taken, or by this process. Looks
 * once a second at most, since a GPU's driver takes a few milliseconds to answer.
 */
final class PeakMemory {

    private static final long INTERVAL_NANOS = 1_000_000_000L;

    private final Supplier<OptionalLong> taken;
    private final LongSupplier clock;
    private OptionalLong peak = OptionalLong.empty();
    private long next;

    /**
     * @param taken bytes taken now, where the system tells
     * @param clock nanoseconds
     */
    PeakMemory(Supplier<OptionalLong> taken, LongSupplier clock) {
        this.taken = taken;
        this.clock = clock;
        next = clock.getAsLong();
    }

    /** @param devices where the model is computed */
    static PeakMemory of(List<Device> devices) {
        return new PeakMemory(() -> {
            OptionalLong onGpu = devices.stream().filter(Device::isGpu).map(device -> CudaDevices.memoryInUse(device.getDeviceId()))
                    .flatMapToLong(OptionalLong::stream).max();
            return onGpu.isPresent() ? onGpu : ProcFile.SELF.bytes("VmHWM");
        }, System::nanoTime);
    }

    /** Bytes; nothing where the system does not tell. */
    OptionalLong bytes() {
        long now = clock.getAsLong();
        if (now - next >= 0) {
            next = now + INTERVAL_NANOS;
            OptionalLong current = taken.get();
            if (current.isPresent() && current.getAsLong() > peak.orElse(0)) {
                peak = current;
            }
        }
        return peak;
    }
}
