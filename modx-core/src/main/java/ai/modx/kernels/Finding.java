package ai.modx.kernels;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What came of trying a kernel.
 *
 * @param error as {@link KernelCheck#error} has it; nothing if the kernel ended the process
 */
public record Finding(Kernel kernel, OptionalDouble error) {

    /** Whether the difference is more than rounding. */
    boolean isWrong(double tolerance) {
        return error.isEmpty() || !(error.getAsDouble() <= tolerance); // in a form that takes "not a number" for wrong
    }

    @Override
    public String toString() {
        return kernel
                + (error.isEmpty()
                        ? " ends the process"
                        : String.format(Locale.ROOT, " is off by %.2g of its size", error.getAsDouble()));
    }
}
