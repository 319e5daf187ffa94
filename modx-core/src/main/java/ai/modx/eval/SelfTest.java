package ai.modx.eval;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.modx.model.BatchStatistics;
import ai.modx.model.ClipModel;
import ai.modx.model.ClipParameters;
import ai.modx.model.Computation;
import ai.modx.model.ModelConfig;
import ai.modx.model.ModelTable;
import ai.modx.model.Precision;
import ai.modx.torch.NativeScope;
import ai.modx.torch.TensorCopy;
import java.nio.ByteBuffer;
import java.util.Random;

/** Computes the features of a small freshly drawn model, to see whether a device computes them as the CPU does in fp32. */
public final class SelfTest {

    private static final int BATCH = 4;
    private static final long SEED = 0;

    /**
     * How far the features are off.
     *
     * @param difference largest one, relative to the largest feature
     * @param tolerance  what the precision allows
     */
    public record Outcome(double difference, double tolerance) {

        /** Whether the device can be trusted. */
        public boolean passed() {
            return difference <= tolerance;
        }
    }

    private SelfTest() {}

    /** Computes image features of a residual network and a transformer. */
    public static Outcome run(Device device, Precision precision) {
        double tolerance = precision == Precision.FP32 && !device.isGpu() ? 1e-5 : precision == Precision.BF16 ? 5e-2 : 5e-3;
        double difference = precision.during(() -> Math.max(difference("tiny_vit", device, precision), difference("tiny_rn", device, precision)));
        return new Outcome(difference, tolerance);
    }

    private static double difference(String model, Device device, Precision precision) {
        ModelConfig config = ModelTable.bundled().get(model);
        float[] expected = features(config, Device.cpu(), Precision.FP32);
        float[] actual = features(config, device, precision);
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Float.isNaN(actual[i]) ? Double.POSITIVE_INFINITY : Math.abs(expected[i] - actual[i]));
        }
        return difference / largest;
    }

    private static float[] features(ModelConfig config, Device device, Precision precision) {
        int side = config.imageResolution();
        byte[] pixels = new byte[BATCH * side * side * 3];
        new Random(SEED).nextBytes(pixels);
        try (NDManager manager = NDManager.newBaseManager(device);
                ClipModel model = new ClipModel(manager, config, Computation.in(precision), ClipParameters.initialState(config, SEED), false);
                NativeScope scope = NativeScope.withoutGradients()) {
            NDArray images = manager.create(ByteBuffer.wrap(pixels), new Shape(BATCH, side, side, 3), DataType.UINT8);
            return TensorCopy.toHost(model.encodeImage(images, BatchStatistics.RUNNING)).toFloatArray();
        }
    }
}
