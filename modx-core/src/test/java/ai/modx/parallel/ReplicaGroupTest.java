package ai.modx.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.modx.Golden;
import ai.modx.data.Batch;
import ai.modx.data.BatchRequest;
import ai.modx.loss.ContrastiveLoss;
import ai.modx.loss.CosineSimilarity;
import ai.modx.model.BatchStatistics;
import ai.modx.model.ClipModel;
import ai.modx.model.ClipParameters;
import ai.modx.model.Computation;
import ai.modx.model.Features;
import ai.modx.model.GoldenModel;
import ai.modx.model.LinearLayers;
import ai.modx.model.ParameterSpec;
import ai.modx.model.Precision;
import ai.modx.model.PreparedWeights;
import ai.modx.model.TensorAssert;
import ai.modx.optim.AdamW;
import ai.modx.optim.CosineWarmup;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.TensorCopy;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways of computing a step that must not change what is computed. */
class ReplicaGroupTest {

    private static final Map<String, HostTensor> DATA = Golden.tensors("trace_batches_64px.safetensors");
    private static final GoldenModel VIT = GoldenModel.load("tiny_vit");
    private static final double LEARNING_RATE = 5e-4;

    /** Large enough for the rounding of a gradient near 0 not to become a step of any direction. */
    private static final double STEADY_EPS = 1e-3;

    @ParameterizedTest(name = "{0} pairs on {1} replicas in {2} chunks")
    @CsvSource({"6, 2, 1", "5, 2, 1", "2, 3, 1", "6, 1, 3", "5, 1, 5", "6, 2, 3", "5, 2, 2", "2, 3, 4"})
    void replicasAndChunksGiveTheLossAndGradientsOfOne(int pairs, int replicas, int chunks) {
        Gradients one = gradients(GoldenModel.COMPUTATION, 1, batch(0, pairs));
        Gradients many = gradients(GoldenModel.COMPUTATION, replicas, chunks, batch(0, pairs));
        assertThat(many.loss).isCloseTo(one.loss, within(1e-5));
        assertThat(many.norm).isCloseTo(one.norm, within(1e-4 * one.norm));
        assertSame(many, one);
    }

    @Test
    void aDeviceThatFailsLeavesNothingOnThoseBeforeIt() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            NDManager everything = manager.getParentManager();
            int before = everything.getManagedArrays().size();
            Map<String, HostTensor> broken = new LinkedHashMap<>(VIT.state());
            broken.remove("ln_final.bias");
            assertThatThrownBy(() -> new ReplicaGroup(VIT.config(), GoldenModel.COMPUTATION, cpus(1), 1, broken)).hasMessageContaining("ln_final.bias");
            assertThatThrownBy(() -> new ReplicaGroup(VIT.config(), GoldenModel.COMPUTATION, List.of(Device.cpu(), Device.gpu(99)), 1, VIT.state()));
            assertThat(everything.getManagedArrays()).hasSize(before);
            try (ReplicaGroup group = new ReplicaGroup(VIT.config(), GoldenModel.COMPUTATION, cpus(1), 1, VIT.state())) {
                assertThat(everything.getManagedArrays()).as("what is counted").hasSizeGreaterThan(before);
            }
        }
    }

    @Test
    void replicasThatWereIdleJoinInWithTheNewestWeights() {
        assertTrainsAsOne(3, 1, List.of(batch(0, 2), batch(1, 6), batch(2, 2)));
    }

    @ParameterizedTest(name = "{0} replicas, {1} chunks")
    @CsvSource({"1, 2", "1, 6", "2, 3"})
    void chunksLearnWhatTheUndividedBatchDoes(int replicas, int chunks) {
        assertTrainsAsOne(replicas, chunks, List.of(batch(0, 6), batch(1, 6), batch(2, 6), batch(3, 6)));
    }

    private static void assertTrainsAsOne(int replicas, int chunks, List<Batch> batches) {
        Map<String, HostTensor> one = train(1, 1, batches);
        train(replicas, chunks, batches).forEach((name, tensor) ->
                TensorAssert.assertClose(name, tensor.toFloatArray(), one.get(name).toFloatArray(), 2e-6));
    }

    /** Chunks of a ResNet against their plain twin: the graphs of all chunks at once, under one loss. */
    @Test
    void chunksOfAResNetAreNormalisedByTheirOwnStatisticsWhichMoveTheRunningOnesOnce() {
        GoldenModel resnet = GoldenModel.load("tiny_rn");
        Map<String, HostTensor> plainGradients = new LinkedHashMap<>();
        Map<String, HostTensor> plainBuffers = new LinkedHashMap<>();
        List<Shard> chunks = Shard.of(batch(0, 6), true).split(2);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu());
                ClipModel model = new ClipModel(manager, resnet.config(), GoldenModel.COMPUTATION, resnet.state(), true);
                NativeScope scope = NativeScope.withGradients()) {
            NDArray image = NDArrays.concat(new NDList(chunks.stream().map(chunk -> model.encodeImage(manager.create(chunk.images(),
                    new Shape(chunk.size(), chunk.side(), chunk.side(), 3), DataType.UINT8), BatchStatistics.REMEMBERED)).toList()));
            NDArray text = NDArrays.concat(new NDList(chunks.stream().map(chunk -> model.encodeText(manager.create(chunk.tokens(),
                    new Shape(chunk.size(), chunk.length())))).toList()));
            NDArray loss = contrastive(new Features(image, text), model.logitScale()).total();
            JniUtils.backward((PtNDArray) loss, (PtNDArray) loss.onesLike(), false, false);
            read(model, plainGradients, plainBuffers);
        }
        Map<String, HostTensor> gradients = new LinkedHashMap<>();
        Map<String, HostTensor> buffers = new LinkedHashMap<>();
        try (ReplicaGroup group = new ReplicaGroup(resnet.config(), GoldenModel.COMPUTATION, cpus(1), 2, resnet.state())) {
            group.accumulate(batch(0, 6), 1, ReplicaGroupTest::contrastive);
            read(group.model(), gradients, buffers);
        }
        gradients.forEach((name, tensor) -> TensorAssert.assertClose(name, tensor.toFloatArray(), plainGradients.get(name).toFloatArray(), 2e-5));
        assertThat(buffers).isNotEmpty().allSatisfy((name, tensor) -> assertThat(tensor.data()).as(name).isEqualTo(plainBuffers.get(name).data()));
        assertThat(buffers.get("visual.bn1.num_batches_tracked").data().asLongBuffer().get(0))
                .isEqualTo(resnet.state().get("visual.bn1.num_batches_tracked").data().asLongBuffer().get(0) + 2);
    }

    @ParameterizedTest(name = "{0} in {1} chunks, {2}, linear layers by {3}")
    @CsvSource({"tiny_vit, 1, FP32, TORCH", "tiny_vit, 2, FP32, TORCH", "tiny_rn, 1, FP32, TORCH", "tiny_rn, 2, FP32, TORCH", "tiny_vit, 1, BF16, TORCH",
        "tiny_rn, 1, BF16, TORCH", "tiny_vit, 1, FP32, ONEDNN", "tiny_rn, 1, FP32, ONEDNN"})
    void blocksComputedAgainGiveTheSameBits(String name, int chunks, Precision precision, LinearLayers linear) {
        GoldenModel golden = GoldenModel.load(name);
        List<Map<String, HostTensor>> results = new ArrayList<>();
        for (boolean recompute : new boolean[] {false, true}) {
            Computation computation = new Computation(precision, GoldenModel.COMPUTATION.pixels(), true, recompute, linear);
            try (ReplicaGroup group = new ReplicaGroup(golden.config(), computation, cpus(1), chunks, golden.state())) {
                Map<String, HostTensor> result = new LinkedHashMap<>();
                group.accumulate(batch(0, 6), 0.5, ReplicaGroupTest::contrastive);
                group.accumulate(batch(1, 6), 0.5, ReplicaGroupTest::contrastive);
                read(group.model(), result, result);
                results.add(result);
            }
        }
        assertThat(results.get(0)).isNotEmpty();
        results.get(0).forEach((tensor, expected) -> assertThat(results.get(1).get(tensor).data()).as(tensor).isEqualTo(expected.data()));
    }

    @ParameterizedTest(name = "{0} in {1} chunks on {2} replicas, {3}, blocks computed again: {4}")
    @CsvSource({"tiny_vit, 1, 1, FP32, false", "tiny_vit, 1, 1, BF16, false", "tiny_vit, 2, 1, BF16, false", "tiny_vit, 1, 2, BF16, false",
        "tiny_vit, 1, 3, FP32, false", "tiny_vit, 2, 1, BF16, true", "tiny_rn, 1, 1, BF16, false", "tiny_rn, 2, 2, BF16, true"})
    void preparedWeightsGiveTheSameBits(String name, int chunks, int replicas, Precision precision, boolean recompute) {
        GoldenModel golden = GoldenModel.load(name);
        List<Map<String, HostTensor>> results = new ArrayList<>();
        for (PreparedWeights prepared : new PreparedWeights[] {PreparedWeights.AT_EACH_USE, PreparedWeights.ONCE}) {
            Computation computation = new Computation(precision, GoldenModel.COMPUTATION.pixels(), true, recompute, LinearLayers.AUTO, prepared);
            try (ReplicaGroup group = new ReplicaGroup(golden.config(), computation, cpus(replicas), chunks, golden.state());
                    ShardedAdamW optimizer = optimizer(group)) {
                Map<String, HostTensor> result = new LinkedHashMap<>();
                for (int step = 0; step < 3; step++) {
                    int pairs = step == 1 ? 2 : 6; // fewer than replicas
                    group.accumulate(batch(step, pairs), 0.5, ReplicaGroupTest::contrastive);
                    double loss = group.accumulate(batch(step + 1, pairs), 0.5, ReplicaGroupTest::contrastive).read().total();
                    double norm = group.reduceGradients();
                    group.update(optimizer, LEARNING_RATE);
                    result.put("loss and norm " + step, HostTensor.of(new float[] {(float) loss, (float) norm}, 2));
                }
                group.model().state().forEach((tensor, array) -> result.put(tensor, TensorCopy.toHost(array)));
                try (NativeScope scope = NativeScope.withoutGradients()) {
                    Features features = group.evaluate(batch(0, 6));
                    result.put("features", TensorCopy.toHost(features.image().add(features.text())));
                }
                results.add(result);
            }
        }
        results.get(0).forEach((tensor, expected) -> assertThat(results.get(1).get(tensor).data()).as(tensor).isEqualTo(expected.data()));
    }

    private static void read(ClipModel model, Map<String, HostTensor> gradients, Map<String, HostTensor> buffers) {
        for (ParameterSpec spec : ClipParameters.of(model.config())) {
            NDArray array = model.state().get(spec.name());
            (spec.isTrainable() ? gradients : buffers).put(spec.name(), TensorCopy.toHost(spec.isTrainable() ? array.getGradient() : array));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 11})
    void shortTextsChangeNeitherLossNorGradients(int longest) {
        Computation whole = new Computation(Precision.FP32, GoldenModel.COMPUTATION.pixels(), false, false, LinearLayers.AUTO);
        Gradients all = gradients(whole, 1, captioned(longest));
        Gradients cut = gradients(GoldenModel.COMPUTATION, 1, captioned(longest));
        assertThat(cut.loss).isCloseTo(all.loss, within(1e-5));
        assertSame(cut, all);
    }

    @Test
    void linearLayersByOneDnnGiveTheLossAndGradientsOfThoseByLibtorch() {
        Gradients torch = gradients(by(LinearLayers.TORCH), 1, batch(0, 6));
        Gradients oneDnn = gradients(by(LinearLayers.ONEDNN), 1, batch(0, 6));
        assertThat(oneDnn.loss).isCloseTo(torch.loss, within(1e-5));
        assertSame(oneDnn, torch);
        assertThat(oneDnn.byName.keySet()).as("rounding, by which it is seen to be another way")
                .anySatisfy(name -> assertThat(oneDnn.byName.get(name).data()).isNotEqualTo(torch.byName.get(name).data()));
    }

    private static Computation by(LinearLayers linear) {
        return new Computation(Precision.FP32, GoldenModel.COMPUTATION.pixels(), true, false, linear);
    }

    @Test
    void bf16GivesNearlyTheLossAndGradientOfFp32() {
        Gradients exact = gradients(GoldenModel.COMPUTATION, 1, batch(0, 6));
        Gradients coarse = gradients(new Computation(Precision.BF16, GoldenModel.COMPUTATION.pixels(), true, false, LinearLayers.AUTO), 1, batch(0, 6));
        assertThat(coarse.loss).isCloseTo(exact.loss, within(0.02 * exact.loss)).isNotEqualTo(exact.loss);
        assertThat(coarse.norm).isCloseTo(exact.norm, within(0.1 * exact.norm));
    }

    /** A Java buffer behind a recorded operation may be gone before backward reads it; a quiet heap hides that. */
    @Test
    void garbageCollectionDoesNotTouchTheArithmetic() throws InterruptedException {
        List<Batch> batches = List.of(batch(0, 6), batch(1, 6), batch(2, 6));
        Map<String, HostTensor> quiet = train(2, 3, batches);
        AtomicBoolean done = new AtomicBoolean();
        Thread collector = new Thread(() -> {
            while (!done.get()) {
                System.gc();
            }
        });
        collector.start();
        Map<String, HostTensor> stressed;
        try {
            stressed = train(2, 3, batches);
        } finally {
            done.set(true);
            collector.join();
        }
        stressed.forEach((name, tensor) -> assertThat(tensor.toFloatArray()).as(name).isEqualTo(quiet.get(name).toFloatArray()));
    }

    static Iterable<JsonNode> clamps() {
        return Golden.json("tiny_vit/trace/trace.json").get("clamp");
    }

    @ParameterizedTest
    @MethodSource("clamps")
    void logitScaleStaysWithinTheOriginalsBounds(JsonNode golden) {
        Map<String, HostTensor> state = new LinkedHashMap<>(VIT.state());
        state.put(ClipModel.LOGIT_SCALE, HostTensor.of(new float[] {(float) golden.get("start").asDouble()}));
        FeatureLoss loss = golden.get("loss").asText().equals("contrastive") ? ReplicaGroupTest::contrastive : ReplicaGroupTest::rewardOfScale;
        CosineWarmup schedule = CosineWarmup.over(golden.get("t_total").asLong(), LEARNING_RATE);
        try (ReplicaGroup group = new ReplicaGroup(VIT.config(), GoldenModel.COMPUTATION, List.of(Device.cpu()), 1, state);
                ShardedAdamW optimizer = optimizer(group)) {
            for (int step = 0; step < golden.get("logit_scale").size(); step++) {
                group.accumulate(batch(golden.get("micro_batch").asInt(), 6), 1, loss);
                group.reduceGradients();
                group.update(optimizer, schedule.rate(step));
                assertThat((double) group.model().logitScale().getFloat()).as("after step %d", step)
                        .isCloseTo(golden.get("logit_scale").get(step).asDouble(), within(2e-6));
            }
        }
    }

    @Test
    void longGradientsAreShortenedAndShortOnesStay() {
        try (ReplicaGroup group = new ReplicaGroup(VIT.config(), GoldenModel.COMPUTATION, cpus(1), 1, VIT.state())) {
            group.accumulate(batch(0, 6), 1, ReplicaGroupTest::contrastive);
            double norm = group.reduceGradients();
            group.clipGradients(norm, 2 * norm);
            assertThat(group.reduceGradients()).isEqualTo(norm);
            group.clipGradients(norm, norm / 4);
            assertThat(group.reduceGradients()).isCloseTo(norm / 4, within(1e-5 * norm));
        }
    }

    private static BatchLoss contrastive(Features features, NDArray logitScale) {
        return BatchLoss.of(ContrastiveLoss.of(CosineSimilarity.matrix(
                CosineSimilarity.normalize(features.image()), CosineSimilarity.normalize(features.text())), logitScale));
    }

    /** Minus the scale; the features take part with a gradient of 0. */
    private static BatchLoss rewardOfScale(Features features, NDArray logitScale) {
        NDArray image = features.image().sum();
        NDArray text = features.text().sum();
        return BatchLoss.of(image.sub(image).add(text.sub(text)).sub(logitScale));
    }

    private record Gradients(double loss, double norm, Map<String, HostTensor> byName) {}

    private static Gradients gradients(Computation computation, int replicas, Batch batch) {
        return gradients(computation, replicas, 1, batch);
    }

    private static Gradients gradients(Computation computation, int replicas, int chunks, Batch batch) {
        try (ReplicaGroup group = new ReplicaGroup(VIT.config(), computation, cpus(replicas), chunks, VIT.state())) {
            double loss = group.accumulate(batch, 1, ReplicaGroupTest::contrastive).read().total();
            double norm = group.reduceGradients();
            Map<String, HostTensor> byName = new LinkedHashMap<>();
            for (ParameterSpec spec : ClipParameters.of(VIT.config())) {
                byName.put(spec.name(), TensorCopy.toHost(group.gradient(byName.size())));
            }
            return new Gradients(loss, norm, byName);
        }
    }

    private static Map<String, HostTensor> train(int replicas, int chunks, List<Batch> batches) {
        try (ReplicaGroup group = new ReplicaGroup(VIT.config(), GoldenModel.COMPUTATION, cpus(replicas), chunks, VIT.state());
                ShardedAdamW optimizer = group.optimizer(AdamW.Settings.of(STEADY_EPS, 0.1))) {
            for (Batch batch : batches) {
                group.accumulate(batch, 1, ReplicaGroupTest::contrastive);
                group.reduceGradients();
                group.update(optimizer, LEARNING_RATE);
            }
            Map<String, HostTensor> state = new LinkedHashMap<>();
            group.model().state().forEach((name, array) -> state.put(name, TensorCopy.toHost(array)));
            return state;
        }
    }

    private static ShardedAdamW optimizer(ReplicaGroup group) {
        return group.optimizer(AdamW.Settings.of(1e-8, 0.1));
    }

    private static List<Device> cpus(int count) {
        return Collections.nCopies(count, Device.cpu());
    }

    private static void assertSame(Gradients actual, Gradients expected) {
        actual.byName.forEach((name, tensor) ->
                TensorAssert.assertClose(name, tensor.toFloatArray(), expected.byName.get(name).toFloatArray(), 1e-5));
    }

    /** The first pairs of a golden batch. */
    private static Batch batch(int index, int pairs) {
        Batch whole = GoldenModel.batch(DATA.get("images_u8"), DATA.get("tokens"), index);
        int imageBytes = whole.images().remaining() / whole.size();
        int[] tokens = Arrays.copyOf(whole.tokens(), whole.tokens().length / whole.size() * pairs);
        return new Batch(new BatchRequest(0, Arrays.copyOf(whole.indices(), pairs)), whole.images().slice(0, pairs * imageBytes), tokens);
    }

    /** Golden images with captions of up to {@code longest} tokens, marks included. */
    private static Batch captioned(int longest) {
        Batch images = batch(0, 4);
        int context = VIT.config().contextLength();
        List<Integer> tokens = new ArrayList<>();
        for (int row = 0; row < images.size(); row++) {
            int length = Math.max(3, longest - row);
            for (int i = 0; i < context; i++) {
                tokens.add(i == 0 ? 510 : i < length - 1 ? 17 + 31 * row + i : i == length - 1 ? 511 : 0);
            }
        }
        return new Batch(new BatchRequest(0, images.indices()), images.images(), tokens.stream().mapToInt(Integer::intValue).toArray());
    }
}
