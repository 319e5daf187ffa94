package ai.modx.torch;

import ai.djl.Device;
import java.util.function.Supplier;

/**
 * NVIDIA's TF32 for the matrix products of float32 tensors: inputs rounded to 10 bits of mantissa, sums in float32. In torch it
 * is off for matrix products and on for convolutions unless told otherwise. Neither TorchScript nor DJL reaches the switch, so
 * libtorch's own functions are called by their C++ names; the state is the process's.
 */
public final class TensorFloat32 {

    private static final String GLOBAL_CONTEXT = "_ZN2at13globalContextEv";
    private static final String SET_ALLOWED = "_ZN2at7Context18setAllowTF32CuBLASEb";
    private static final String IS_ALLOWED = "_ZNK2at7Context15allowTF32CuBLASEv";

    private TensorFloat32() {}

    /**
     * Allows it, or not, from now on. The engine must be loaded.
     *
     * @throws IllegalStateException if this libtorch has no such switch; the message names the environment variable to use instead
     */
    public static void allow(boolean allowed) {
        call(SET_ALLOWED, allowed ? 1 : 0); // as JNA passes true, -1, it would be no bool of C++
    }

    /** Allows it while some work is done, and leaves the switch as it was. */
    public static <T> T during(Supplier<T> work) {
        return with(true, work);
    }

    /**
     * Forbids it while some work is done whose results depend on the last digits. Nothing else may compute meanwhile.
     *
     * @param device that does it; others than GPUs know no TF32
     */
    public static <T> T without(Device device, Supplier<T> work) {
        return device.isGpu() && hasSwitch() ? with(false, work) : work.get(); // without a switch nobody has allowed it
    }

    private static <T> T with(boolean allowed, Supplier<T> work) {
        boolean before = isAllowed();
        allow(allowed);
        try {
            return work.get();
        } finally {
            allow(before);
        }
    }

    private static boolean hasSwitch() {
        try {
            LibtorchFunction.named(SET_ALLOWED);
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    /** Whether it is allowed now. */
    public static boolean isAllowed() {
        return call(IS_ALLOWED) != 0;
    }

    private static int call(String function, Object... arguments) {
        try {
            Object[] all = new Object[arguments.length + 1];
            all[0] = LibtorchFunction.named(GLOBAL_CONTEXT).invokePointer(new Object[0]);
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            return LibtorchFunction.named(function).invokeInt(all) & 0xff;
        } catch (UnsatisfiedLinkError e) {
            throw new IllegalStateException("This libtorch, " + LibtorchFunction.file() + ", has no switch for TF32. Use --precision fp32 and set the environment variable "
                    + "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE=1", e);
        }
    }
}
