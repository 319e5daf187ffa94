package ai.modx.kernels;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.modx.kernels.Kernel.Attention;
import ai.modx.kernels.Kernel.BatchedProduct;
import ai.modx.kernels.Kernel.Convolution;
import ai.modx.kernels.Kernel.Linear;
import ai.modx.model.Precision;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.ScriptSource;
import ai.modx.torch.TensorCopy;
import ai.modx.torch.TorchEngine;
import ai.modx.torch.TorchProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Compares kernels of the CPU, forward and backward, with plain arithmetic that shares no code with them. */
final class KernelCheck implements AutoCloseable {

    /** What is checked: a class named Kernels, which a test replaces with one that is wrong. */
    record Program(Class<?> owner, String file) {

        static final Program OF_MODELS = new Program(KernelCheck.class, "kernels.py");
    }

    /** A prime, so that rows of no width begin alike when the numbers are used over and over. */
    private static final int NOISE = 1_000_003;

    private static final int MOST_OPERANDS = 4;
    private static final long SEED = 0;

    private final Precision precision;
    private final NDManager manager;
    private final TorchProgram kernels;
    private final TorchProgram plain;
    private final NDArray noise;
    private final NDArray signs;

    KernelCheck(Precision precision, boolean convolveLinear, Program program) {
        this.precision = precision;
        manager = TorchEngine.manager(Device.cpu());
        kernels = TorchProgram.load(
                manager,
                ScriptSource.of(program.owner(), program.file()),
                "Kernels",
                Map.of("dtype", precision.torchNumber(), "convolve_linear", convolveLinear));
        plain = TorchProgram.load(
                manager,
                ScriptSource.of(KernelCheck.class, "plain.py"),
                "Plain",
                Map.of("dtype", precision.torchNumber()));
        Random random = new Random(SEED);
        float[] values = new float[NOISE];
        for (int i = 0; i < NOISE; i++) {
            values[i] = (float) random.nextGaussian();
        }
        noise = TensorCopy.toDevice(manager, HostTensor.of(values, NOISE));
        float[] ones = new float[NOISE];
        for (int i = 0; i < NOISE; i++) {
            ones[i] = random.nextBoolean() ? 1 : -1;
        }
        signs = TensorCopy.toDevice(manager, HostTensor.of(ones, NOISE));
    }

    /**
     * How far a kernel's result and gradients are off: the largest difference of a sum over a row, relative to the size
     * that such sums have.
     * Not a number if one of them is none.
     */
    double error(Kernel kernel) {
        try (NativeScope scope = NativeScope.withGradients()) {
            if (kernel instanceof Linear it) {
                boolean transposed = it.form() == Linear.Form.TRANSPOSED;
                return error(
                        "linear",
                        List.of(
                                numbers(0, it.rows(), it.in()),
                                transposed ? numbers(1, it.in(), it.out()) : numbers(1, it.out(), it.in()),
                                numbers(2, it.rows(), it.out()),
                                numbers(3, it.form() == Linear.Form.BIAS ? it.out() : 0),
                                manager.create(transposed ? 1 : 0)));
            }
            if (kernel instanceof BatchedProduct it) {
                return error(
                        "batched_product",
                        List.of(
                                numbers(0, it.batch(), it.rows(), it.inner()),
                                numbers(1, it.batch(), it.inner(), it.columns()),
                                numbers(2, it.batch(), it.rows(), it.columns())));
            }
            if (kernel instanceof Convolution it) {
                return error(
                        "convolution",
                        List.of(
                                numbers(0, it.images(), it.side(), it.side(), it.in()),
                                numbers(1, it.out(), it.in(), it.size(), it.size()),
                                numbers(2, it.images(), it.sideAfter(), it.sideAfter(), it.out()),
                                manager.create(it.stride()),
                                manager.create(it.padding())));
            }
            return attention((Attention) kernel);
        }
    }

    /** All heads are given the same, and have to come to the same. */
    private double attention(Attention it) {
        int width = it.width() / it.heads();
        NDArray one = numbers(0, it.tokens(), 3, width);
        NDArray gradient = numbers(1, it.tokens(), width);
        NDArray causal = manager.create(it.causal() ? 1 : 0);
        NDArray heads = manager.create(it.heads());
        List<NDArray> all =
                plain.callForList("repeated", List.of(one, gradient, manager.create(it.sequences()), heads));
        List<NDArray> found = kernels.callForList("attention", List.of(all.get(0), all.get(1), heads, causal));
        return worst(plain.callForList("attention", List.of(one, gradient, causal, found.get(0), found.get(1))));
    }

    private double error(String method, List<NDArray> operands) {
        List<NDArray> all = new ArrayList<>(operands);
        all.addAll(kernels.callForList(method, operands));
        all.add(signs);
        return worst(plain.callForList(method, all));
    }

    private static double worst(List<NDArray> errors) {
        return errors.stream().mapToDouble(TensorCopy::toFloat).reduce(0, KernelCheck::worse);
    }

    private static double worse(double one, double other) {
        return Double.isNaN(one) || Double.isNaN(other) ? Double.NaN : Math.max(one, other);
    }

    /** Normal numbers, other ones for each operand of a product. */
    private NDArray numbers(int operand, long... shape) {
        Shape of = new Shape(shape);
        return plain.call(
                        "numbers",
                        noise,
                        manager.create((long) operand * NOISE / MOST_OPERANDS),
                        manager.create(of.size()))
                .reshape(of);
    }

    @Override
    public void close() {
        kernels.close();
        plain.close();
        manager.close();
    }
}
