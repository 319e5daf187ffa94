package ai.modx.torch;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The CUDA devices that libtorch sees, as CUDA_VISIBLE_DEVICES leaves and numbers them. libtorch is asked for their number and the
 * driver for what they are: DJL would ask CUDA's runtime, which it does not find beside an installed PyTorch.
 */
public final class CudaDevices {

    private static final String DEVICE_COUNT = "_ZN5torch4cuda12device_countEv";
    private static final int CAPABILITY_MAJOR = 75; // numbers of CUdevice_attribute
    private static final int CAPABILITY_MINOR = 76;
    private static final int LONGEST_NAME = 256;

    /**
     * One device.
     *
     * @param name              as NVIDIA calls it
     * @param memory            bytes
     * @param computeCapability such as 9.0
     */
    public record Description(String name, long memory, String computeCapability) {}

    private CudaDevices() {}

    /** How many there are for this libtorch, 0 for one without CUDA. Loads the engine. */
    public static int count() {
        TorchEngine engine = TorchEngine.start();
        try {
            return (byte) LibtorchFunction.named(DEVICE_COUNT).invokeInt(new Object[0]); // c10::DeviceIndex
        } catch (UnsatisfiedLinkError e) {
            return engine.gpuCount();
        }
    }

    /**
     * What a device is.
     *
     * @throws IllegalStateException if the driver does not tell
     */
    public static Description describe(int number) {
        int device = device(number);
        byte[] name = new byte[LONGEST_NAME];
        call("cuDeviceGetName", name, name.length, device);
        LongByReference memory = new LongByReference();
        call("cuDeviceTotalMem_v2", memory, device);
        return new Description(Native.toString(name), memory.getValue(), attribute(CAPABILITY_MAJOR, device) + "." + attribute(CAPABILITY_MINOR, device));
    }

    /**
     * Bytes of a device's memory that are taken, as nvidia-smi shows them: by this process, which keeps what it once took, and by
     * all others. Nothing if the driver does not tell.
     */
    public static OptionalLong memoryInUse(int number) {
        try {
            int device = device(number);
            PointerByReference context = new PointerByReference();
            call("cuDevicePrimaryCtxRetain", context, device); // libtorch's: there is one for each process and device
            try {
                return OptionalLong.of(memoryInUse(context.getValue()));
            } finally {
                call("cuDevicePrimaryCtxRelease_v2", device);
            }
        } catch (IllegalStateException e) {
            return OptionalLong.empty();
        }
    }

    private static long memoryInUse(Pointer context) {
        LongByReference free = new LongByReference();
        LongByReference total = new LongByReference();
        call("cuCtxPushCurrent_v2", context);
        try {
            call("cuMemGetInfo_v2", free, total);
        } finally {
            call("cuCtxPopCurrent_v2", new PointerByReference());
        }
        return total.getValue() - free.getValue();
    }

    private static int device(int number) {
        call("cuInit", 0);
        IntByReference device = new IntByReference();
        call("cuDeviceGet", device, number);
        return device.getValue();
    }

    private static int attribute(int attribute, int device) {
        IntByReference value = new IntByReference();
        call("cuDeviceGetAttribute", value, attribute, device);
        return value.getValue();
    }

    private static void call(String function, Object... arguments) {
        int error;
        try {
            error = NativeLibrary.getInstance(Platform.isWindows() ? "nvcuda" : "libcuda.so.1").getFunction(function).invokeInt(arguments);
        } catch (UnsatisfiedLinkError e) {
            throw new IllegalStateException("NVIDIA's driver cannot be asked: " + e.getMessage(), e);
        }
        if (error != 0) {
            throw new IllegalStateException("NVIDIA's driver answers " + function + Arrays.toString(arguments) + " with error " + error);
        }
    }
}
