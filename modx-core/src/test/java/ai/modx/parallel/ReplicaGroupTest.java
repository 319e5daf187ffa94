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
import ai.modx.model.BatchStatistics;
import ai.modx.model.ClipModel;
import ai.modx.model.Features;
import ai.modx.model.GoldenModel;
import ai.modx.model.TensorAssert;
import ai.modx.optim.AdamW;
import ai.modx.optim.CosineWarmup;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.TensorCopy;
import ai.modx.torch.TorchEngine;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Several replicas, and chunks of their work, that must not change what is learned. */
@Tag("slow")
class ReplicaGroupTest {


    /** Large enough for the rounding of a gradient near 0 not to become a step of any direction. */
    private static final double STEADY_EPS = 1e-3;

    @ParameterizedTest(name = "{0} pairs on {1} replicas in {2} chunks")
    @CsvSource({"6, 2, 1", "5, 2, 1", "2, 3, 1", "6, 1, 3", "5, 1, 5", "6, 2, 3", "5, 2, 2", "2, 3, 4"})
    void replicasAndChunksGiveTheLossAndGradientsOfOne(int pairs, int replicas, int chunks) {
        SmallSteps.Gradients one = SmallSteps.gradients(GoldenModel.COMPUTATION, 1, SmallSteps.batch(0, pairs));
        SmallSteps.Gradients many = SmallSteps.gradients(GoldenModel.COMPUTATION, replicas, chunks, SmallSteps.batch(0, pairs));
        assertThat(many.loss()).isCloseTo(one.loss(), within(1e-5));
        assertThat(many.norm()).isCloseTo(one.norm(), within(1e-4 * one.norm()));
        SmallSteps.assertSame(many, one);
    }

    @Test
    void aDeviceThatFailsLeavesNothingOnThoseBeforeIt() {
        try (NDManager manager = TorchEngine.manager(Device.cpu())) {
            NDManager everything = manager.getParentManager();
            int before = everything.getManagedArrays().size();
            Map<String, HostTensor> broken = new LinkedHashMap<>(SmallSteps.VIT.state());
            broken.remove("ln_final.bias");
            assertThatThrownBy(() -> new ReplicaGroup(SmallSteps.VIT.config(), GoldenModel.COMPUTATION, SmallSteps.cpus(1), 1, broken)).hasMessageContaining("ln_final.bias");
            assertThatThrownBy(() -> new ReplicaGroup(SmallSteps.VIT.config(), GoldenModel.COMPUTATION, List.of(Device.cpu(), Device.gpu(99)), 1, SmallSteps.VIT.state()));
            assertThat(everything.getManagedArrays()).hasSize(before);
            try (ReplicaGroup group = new ReplicaGroup(SmallSteps.VIT.config(), GoldenModel.COMPUTATION, SmallSteps.cpus(1), 1, SmallSteps.VIT.state())) {
                assertThat(everything.getManagedArrays()).as("what is counted").hasSizeGreaterThan(before);
            }
        }
    }

    @Test
    void replicasThatWereIdleJoinInWithTheNewestWeights() {
        assertTrainsAsOne(3, 1, List.of(SmallSteps.batch(0, 2), SmallSteps.batch(1, 6), SmallSteps.batch(2, 2)));
    }

    @ParameterizedTest(name = "{0} replicas, {1} chunks")
    @CsvSource({"1, 2", "1, 6", "2, 3"})
    void chunksLearnWhatTheUndividedBatchDoes(int replicas, int chunks) {
        assertTrainsAsOne(replicas, chunks, List.of(SmallSteps.batch(0, 6), SmallSteps.batch(1, 6), SmallSteps.batch(2, 6), SmallSteps.batch(3, 6)));
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
        List<Shard> chunks = Shard.of(SmallSteps.batch(0, 6), true).split(2);
        try (NDManager manager = TorchEngine.manager(Device.cpu());
                ClipModel model = new ClipModel(manager, resnet.config(), GoldenModel.COMPUTATION, resnet.state(), true);
                NativeScope scope = NativeScope.withGradients()) {
            NDArray image = NDArrays.concat(new NDList(chunks.stream().map(chunk -> model.encodeImage(manager.create(chunk.images(),
                    new Shape(chunk.size(), chunk.side(), chunk.side(), 3), DataType.UINT8), BatchStatistics.TRAIN)).toList()));
            NDArray text = NDArrays.concat(new NDList(chunks.stream().map(chunk -> model.encodeText(manager.create(chunk.tokens(),
                    new Shape(chunk.size(), chunk.length())))).toList()));
            NDArray loss = SmallSteps.contrastive(new Features(image, text), model.logitScale()).total();
            JniUtils.backward((PtNDArray) loss, (PtNDArray) loss.onesLike(), false, false);
            SmallSteps.read(model, plainGradients, plainBuffers);
        }
        Map<String, HostTensor> gradients = new LinkedHashMap<>();
        Map<String, HostTensor> buffers = new LinkedHashMap<>();
        try (ReplicaGroup group = new ReplicaGroup(resnet.config(), GoldenModel.COMPUTATION, SmallSteps.cpus(1), 2, resnet.state())) {
            group.accumulate(SmallSteps.batch(0, 6), 1, SmallSteps::contrastive);
            SmallSteps.read(group.model(), gradients, buffers);
        }
        gradients.forEach((name, tensor) -> TensorAssert.assertClose(name, tensor.toFloatArray(), plainGradients.get(name).toFloatArray(), 2e-5));
        assertThat(buffers).isNotEmpty().allSatisfy((name, tensor) -> assertThat(tensor.data()).as(name).isEqualTo(plainBuffers.get(name).data()));
        assertThat(buffers.get("visual.bn1.num_batches_tracked").data().asLongBuffer().get(0))
                .isEqualTo(resnet.state().get("visual.bn1.num_batches_tracked").data().asLongBuffer().get(0) + 2);
    }

    /** A Java buffer behind a recorded operation may be gone before backward reads it; a quiet heap hides that. */
    @Test
    void garbageCollectionDoesNotTouchTheArithmetic() throws InterruptedException {
        List<Batch> batches = List.of(SmallSteps.batch(0, 6), SmallSteps.batch(1, 6), SmallSteps.batch(2, 6));
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
        Map<String, HostTensor> state = new LinkedHashMap<>(SmallSteps.VIT.state());
        state.put(ClipModel.LOGIT_SCALE, HostTensor.of(new float[] {(float) golden.get("start").asDouble()}));
        FeatureLoss loss = golden.get("loss").asText().equals("contrastive") ? SmallSteps::contrastive : ReplicaGroupTest::rewardOfScale;
        CosineWarmup schedule = CosineWarmup.over(golden.get("t_total").asLong(), SmallSteps.LEARNING_RATE);
        try (ReplicaGroup group = new ReplicaGroup(SmallSteps.VIT.config(), GoldenModel.COMPUTATION, List.of(Device.cpu()), 1, state);
                ShardedAdamW optimizer = SmallSteps.optimizer(group)) {
            for (int step = 0; step < golden.get("logit_scale").size(); step++) {
                group.accumulate(SmallSteps.batch(golden.get("micro_batch").asInt(), 6), 1, loss);
                group.reduceGradients();
                group.update(optimizer, schedule.rate(step));
                assertThat((double) group.model().logitScale().getFloat()).as("after step %d", step)
                        .isCloseTo(golden.get("logit_scale").get(step).asDouble(), within(2e-6));
            }
        }
    }

    @Test
    void longGradientsAreShortenedAndShortOnesStay() {
        try (ReplicaGroup group = new ReplicaGroup(SmallSteps.VIT.config(), GoldenModel.COMPUTATION, SmallSteps.cpus(1), 1, SmallSteps.VIT.state())) {
            group.accumulate(SmallSteps.batch(0, 6), 1, SmallSteps::contrastive);
            double norm = group.reduceGradients();
            group.clipGradients(norm, 2 * norm);
            assertThat(group.reduceGradients()).isEqualTo(norm);
            group.clipGradients(norm, norm / 4);
            assertThat(group.reduceGradients()).isCloseTo(norm / 4, within(1e-5 * norm));
        }
    }

    /** Minus the scale; the features take part with a gradient of 0. */
    private static BatchLoss rewardOfScale(Features features, NDArray logitScale) {
        NDArray image = features.image().sum();
        NDArray text = features.text().sum();
        return BatchLoss.of(image.sub(image).add(text.sub(text)).sub(logitScale));
    }

    private static Map<String, HostTensor> train(int replicas, int chunks, List<Batch> batches) {
        try (ReplicaGroup group = new ReplicaGroup(SmallSteps.VIT.config(), GoldenModel.COMPUTATION, SmallSteps.cpus(replicas), chunks, SmallSteps.VIT.state());
                ShardedAdamW optimizer = group.optimizer(AdamW.Settings.of(STEADY_EPS, 0.1))) {
            for (Batch batch : batches) {
                group.accumulate(batch, 1, SmallSteps::contrastive);
                group.reduceGradients();
                group.update(optimizer, SmallSteps.LEARNING_RATE);
            }
            Map<String, HostTensor> state = new LinkedHashMap<>();
            group.model().state().forEach((name, array) -> state.put(name, TensorCopy.toHost(array)));
            return state;
        }
    }
}
