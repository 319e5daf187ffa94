package ai.modx.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.modx.model.LinearLayers;
import ai.modx.model.Precision;
import ai.modx.torch.ScriptSource;
import ai.modx.torch.TorchEngine;
import ai.modx.torch.TorchProgram;
import java.util.Map;

/**
 * The rate at which a device multiplies large matrices, by the faster of the ways that a model may choose: what a training step could reach
 * at best.
 */
final class MatmulPeak {

    /** 17 billion operations a product. */
    private static final int SIDE = 2048;
    /** A trillion, which a GPU is busy with for longer than it takes to tell it. */
    private static final int SIDE_ON_GPU = 8192;
    private static final int MEASUREMENTS = 7;
    private static final double LEAST_SECONDS = 0.3;

    private MatmulPeak() {}

    /** Floating point operations per second. */
    static double measure(Device device, Precision precision) {
        try (NDManager manager = TorchEngine.manager(device);
                TorchProgram program = TorchProgram.load(manager, ScriptSource.of(MatmulPeak.class, "peak.py"), "Peak", Map.of())) {
            long side = device.isGpu() ? SIDE_ON_GPU : SIDE;
            NDArray matrix = manager.randomNormal(new Shape(side, side));
            double linear = rate(program, matrix, precision, false);
            return LinearLayers.ONEDNN.convolved(device.isGpu(), precision) ? Math.max(linear, rate(program, matrix, precision, true)) : linear;
        }
    }

    private static double rate(TorchProgram program, NDArray matrix, Precision precision, boolean convolve) {
        double once = Median.seconds(1, () -> multiply(program, matrix, precision, convolve, 1));
        long times = Math.max(1, Math.round(LEAST_SECONDS / once));
        double seconds = Median.seconds(MEASUREMENTS, () -> multiply(program, matrix, precision, convolve, times));
        return 2 * Math.pow(matrix.getShape().get(0), 3) * times / seconds;
    }

    private static void multiply(TorchProgram program, NDArray matrix, Precision precision, boolean convolve, long times) {
        program.measure("multiply", matrix, (long) precision.torchNumber(), convolve, times);
    }
}
