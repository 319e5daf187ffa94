package ai.modx.train;

import ai.djl.Device;
import ai.modx.data.Batch;
import ai.modx.data.BatchRequest;
import ai.modx.model.ClipParameters;
import ai.modx.model.Computation;
import ai.modx.model.Features;
import ai.modx.model.ModelConfig;
import ai.modx.model.ModelTable;
import ai.modx.model.Precision;
import ai.modx.optim.AdamW;
import ai.modx.parallel.FeatureLoss;
import ai.modx.parallel.ReplicaGroup;
import ai.modx.parallel.ShardedAdamW;
import ai.modx.torch.HostMemory;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.TensorCopy;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Computes features of small freshly drawn models, a residual network and a transformer, and trains them for a few steps, to see
 * whether devices do it as the CPU does in fp32.
 */
public final class SelfTest {

    private static final List<String> MODELS = List.of("tiny_vit", "tiny_rn");
    private static final int PAIRS_PER_DEVICE = 4;
    private static final int STEPS = 3;
    /** The losses then fall by a tenth and more: by a multiple of what a precision may change. */
    private static final double LEARNING_RATE = 1e-4;
    private static final long SEED = 0;

    /**
     * How far the results are off.
     *
     * @param features  largest difference of a number, relative to the largest number
     * @param losses    the same of the losses of the steps
     * @param tolerance what the precision allows to either
     */
    public record Outcome(double features, double losses, double tolerance) {

        /** Whether the devices can be trusted. */
        public boolean passed() {
            return features <= tolerance && losses <= tolerance;
        }

        private Outcome worse(Outcome other) {
            return new Outcome(Math.max(features, other.features), Math.max(losses, other.losses), tolerance);
        }
    }

    private record Results(float[] features, float[] losses) {}

    private SelfTest() {}

    /**
     * Tries devices together, as one group.
     *
     * @param devices one or more
     */
    public static Outcome run(List<Device> devices, Precision precision) {
        return precision.during(() -> MODELS.stream().map(model -> compare(model, devices, precision)).reduce(Outcome::worse).orElseThrow());
    }

    private static Outcome compare(String model, List<Device> devices, Precision precision) {
        ModelConfig config = ModelTable.bundled().get(model);
        Map<String, HostTensor> state = ClipParameters.initialState(config, SEED);
        Results expected = results(config, state, Collections.nCopies(devices.size(), Device.cpu()), Precision.FP32);
        Results actual = results(config, state, devices, precision);
        return new Outcome(difference(expected.features, actual.features), difference(expected.losses, actual.losses), tolerance(devices, precision));
    }

    private static double tolerance(List<Device> devices, Precision precision) {
        return precision == Precision.BF16 ? 5e-2 : precision == Precision.FP32 && devices.stream().noneMatch(Device::isGpu) ? 1e-5 : 5e-3;
    }

    private static double difference(float[] expected, float[] actual) {
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Float.isNaN(actual[i]) ? Double.POSITIVE_INFINITY : Math.abs(expected[i] - actual[i]));
        }
        return difference / largest;
    }

    private static Results results(ModelConfig config, Map<String, HostTensor> state, List<Device> devices, Precision precision) {
        int pairs = PAIRS_PER_DEVICE * devices.size();
        Random random = new Random(SEED);
        byte[] pixels = new byte[pairs * config.imageResolution() * config.imageResolution() * 3];
        random.nextBytes(pixels);
        try (ReplicaGroup group = new ReplicaGroup(config, Computation.in(precision), devices, 1, state);
                ShardedAdamW optimizer = group.optimizer(AdamW.Settings.of(1e-8, 0.1));
                HostMemory memory = HostMemory.forDevices(devices);
                HostMemory.Block images = memory.allocate(pixels.length)) {
            ByteBuffer filled = images.buffer().put(pixels).flip();
            try (Batch batch = new Batch(new BatchRequest(0, IntStream.range(0, pairs).toArray()), filled, tokens(config, pairs, random))) {
                return new Results(features(group, batch), losses(group, optimizer, batch));
            }
        }
    }

    /** Captions of various lengths. */
    private static int[] tokens(ModelConfig config, int pairs, Random random) {
        int context = config.contextLength();
        int end = config.vocabSize() - 1;
        int[] tokens = new int[pairs * context];
        for (int row = 0; row < pairs; row++) {
            int length = 3 + random.nextInt(context - 3);
            for (int i = 0; i < length; i++) {
                tokens[row * context + i] = i == 0 ? end - 1 : i == length - 1 ? end : 1 + random.nextInt(end - 2);
            }
        }
        return tokens;
    }

    private static float[] features(ReplicaGroup group, Batch batch) {
        try (NativeScope scope = NativeScope.withoutGradients()) {
            Features features = group.evaluate(batch);
            float[] images = TensorCopy.toHost(features.image()).toFloatArray();
            float[] texts = TensorCopy.toHost(features.text()).toFloatArray();
            return FloatBuffer.allocate(images.length + texts.length).put(images).put(texts).array();
        }
    }

    private static float[] losses(ReplicaGroup group, ShardedAdamW optimizer, Batch batch) {
        FeatureLoss loss = new ContrastiveMethod().loss(batch);
        float[] losses = new float[STEPS];
        for (int step = 0; step < STEPS; step++) {
            losses[step] = (float) group.accumulate(batch, 1, loss).read().total();
            group.reduceGradients();
            group.update(optimizer, LEARNING_RATE);
        }
        return losses;
    }
}
