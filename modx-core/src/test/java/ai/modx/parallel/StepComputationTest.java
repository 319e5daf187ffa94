package ai.modx.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.modx.data.Batch;
import ai.modx.data.BatchRequest;
import ai.modx.model.Computation;
import ai.modx.model.Features;
import ai.modx.model.GoldenModel;
import ai.modx.model.LinearLayers;
import ai.modx.model.Precision;
import ai.modx.model.PreparedWeights;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.TensorCopy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways of computing a step that must not change what is computed. */
@Tag("slow")
class StepComputationTest {

    @ParameterizedTest(name = "{0} in {1} chunks, {2}, linear layers by {3}")
    @CsvSource({"tiny_vit, 1, FP32, TORCH", "tiny_vit, 2, FP32, TORCH", "tiny_rn, 1, FP32, TORCH", "tiny_rn, 2, FP32, TORCH", "tiny_vit, 1, BF16, TORCH",
        "tiny_rn, 1, BF16, TORCH", "tiny_vit, 1, FP32, ONEDNN", "tiny_rn, 1, FP32, ONEDNN"})
    void blocksComputedAgainGiveTheSameBits(String name, int chunks, Precision precision, LinearLayers linear) {
        GoldenModel golden = GoldenModel.load(name);
        List<Map<String, HostTensor>> results = new ArrayList<>();
        for (boolean recompute : new boolean[] {false, true}) {
            Computation computation = new Computation(precision, GoldenModel.COMPUTATION.pixels(), true, recompute, linear);
            try (ReplicaGroup group = new ReplicaGroup(golden.config(), computation, SmallSteps.cpus(1), chunks, golden.state())) {
                Map<String, HostTensor> result = new LinkedHashMap<>();
                group.accumulate(SmallSteps.batch(0, 6), 0.5, SmallSteps::contrastive);
                group.accumulate(SmallSteps.batch(1, 6), 0.5, SmallSteps::contrastive);
                SmallSteps.read(group.model(), result, result);
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
            try (ReplicaGroup group = new ReplicaGroup(golden.config(), computation, SmallSteps.cpus(replicas), chunks, golden.state());
                    ShardedAdamW optimizer = SmallSteps.optimizer(group)) {
                Map<String, HostTensor> result = new LinkedHashMap<>();
                for (int step = 0; step < 3; step++) {
                    int pairs = step == 1 ? 2 : 6; // fewer than replicas
                    group.accumulate(SmallSteps.batch(step, pairs), 0.5, SmallSteps::contrastive);
                    double loss = group.accumulate(SmallSteps.batch(step + 1, pairs), 0.5, SmallSteps::contrastive).read().total();
                    double norm = group.reduceGradients();
                    group.update(optimizer, SmallSteps.LEARNING_RATE);
                    result.put("loss and norm " + step, HostTensor.of(new float[] {(float) loss, (float) norm}, 2));
                }
                group.model().state().forEach((tensor, array) -> result.put(tensor, TensorCopy.toHost(array)));
                try (NativeScope scope = NativeScope.withoutGradients()) {
                    Features features = group.evaluate(SmallSteps.batch(0, 6));
                    result.put("features", TensorCopy.toHost(features.image().add(features.text())));
                }
                results.add(result);
            }
        }
        results.get(0).forEach((tensor, expected) -> assertThat(results.get(1).get(tensor).data()).as(tensor).isEqualTo(expected.data()));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 11})
    void shortTextsChangeNeitherLossNorGradients(int longest) {
        Computation whole = new Computation(Precision.FP32, GoldenModel.COMPUTATION.pixels(), false, false, LinearLayers.AUTO);
        SmallSteps.Gradients all = SmallSteps.gradients(whole, 1, captioned(longest));
        SmallSteps.Gradients cut = SmallSteps.gradients(GoldenModel.COMPUTATION, 1, captioned(longest));
        assertThat(cut.loss()).isCloseTo(all.loss(), within(1e-5));
        SmallSteps.assertSame(cut, all);
    }

    @Test
    void linearLayersByOneDnnGiveTheLossAndGradientsOfThoseByLibtorch() {
        SmallSteps.Gradients torch = SmallSteps.gradients(by(LinearLayers.TORCH), 1, SmallSteps.batch(0, 6));
        SmallSteps.Gradients oneDnn = SmallSteps.gradients(by(LinearLayers.ONEDNN), 1, SmallSteps.batch(0, 6));
        assertThat(oneDnn.loss()).isCloseTo(torch.loss(), within(1e-5));
        SmallSteps.assertSame(oneDnn, torch);
        assertThat(oneDnn.byName().keySet()).as("rounding, by which it is seen to be another way")
                .anySatisfy(name -> assertThat(oneDnn.byName().get(name).data()).isNotEqualTo(torch.byName().get(name).data()));
    }

    private static Computation by(LinearLayers linear) {
        return new Computation(Precision.FP32, GoldenModel.COMPUTATION.pixels(), true, false, linear);
    }

    @Test
    void bf16GivesNearlyTheLossAndGradientOfFp32() {
        SmallSteps.Gradients exact = SmallSteps.gradients(GoldenModel.COMPUTATION, 1, SmallSteps.batch(0, 6));
        SmallSteps.Gradients coarse = SmallSteps.gradients(new Computation(Precision.BF16, GoldenModel.COMPUTATION.pixels(), true, false, LinearLayers.AUTO), 1, SmallSteps.batch(0, 6));
        assertThat(coarse.loss()).isCloseTo(exact.loss(), within(0.02 * exact.loss())).isNotEqualTo(exact.loss());
        assertThat(coarse.norm()).isCloseTo(exact.norm(), within(0.1 * exact.norm()));
    }

    /** Golden images with captions of up to {@code longest} tokens, marks included. */
    private static Batch captioned(int longest) {
        Batch images = SmallSteps.batch(0, 4);
        int context = SmallSteps.VIT.config().contextLength();
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
