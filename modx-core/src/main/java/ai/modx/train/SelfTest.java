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
import ai.modx.parallel.ReplicaGroup;
import ai.modx.parallel.ShardedAdamW;
import ai.modx.torch.HostMemory;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.TensorCopy;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Computes features of small freshly drawn models, a residual network and a transformer, and trains them for a few steps, to see whether devices
 * come to the numbers that PyTorch came to in float64, which the resource {@code self_test.json} holds. Several devices normalise
 * batches of their own; they are compared with as many replicas on the CPU in float32.
 */
public final class SelfTest {

    private static final String RECORD = "self_test.json";
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

    /** What to compare with, by model and number of replicas. */
    private final Map<String, Results> expected = new HashMap<>();

    /**
     * Tries devices together, as one group.
     *
     * @param devices one or more
     */
    public Outcome run(List<Device> devices, Precision precision) {
        return precision.during(() -> MODELS.stream().map(model -> compare(model, devices, precision)).reduce(Outcome::worse).orElseThrow());
    }

    private Outcome compare(String model, List<Device> devices, Precision precision) {
        Results right = expected.computeIfAbsent(model + " " + devices.size(), replicas -> expected(model, devices.size()));
        Results actual = results(model, devices, precision);
        return new Outcome(difference(right.features, actual.features), difference(right.losses, actual.losses), tolerance(devices, precision));
    }

    private static Results expected(String model, int replicas) {
        return replicas == 1 ? recorded(model) : results(model, Collections.nCopies(replicas, Device.cpu()), Precision.FP32);
    }

    private static Results recorded(String model) {
        try (InputStream file = SelfTest.class.getResourceAsStream(RECORD)) {
            JsonNode record = new ObjectMapper().readTree(file).get(model);
            return new Results(numbers(record.get("features")), numbers(record.get("losses")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static float[] numbers(JsonNode array) {
        float[] numbers = new float[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) array.get(i).asDouble();
        }
        return numbers;
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

    private static Results results(String model, List<Device> devices, Precision precision) {
        ModelConfig config = ModelTable.bundled().get(model);
        Map<String, HostTensor> state = ClipParameters.initialState(config, SEED);
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
        float[] losses = new float[STEPS];
        try (TrainingMethod method = new ContrastiveMethod(group.model().manager())) {
            for (int step = 0; step < STEPS; step++) {
                losses[step] = (float) group.accumulate(batch, 1, method.loss(batch)).read().total();
                group.reduceGradients();
                group.update(optimizer, LEARNING_RATE);
            }
        }
        return losses;
    }
}
