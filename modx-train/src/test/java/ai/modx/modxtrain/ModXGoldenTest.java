package ai.modx.modxtrain;

import static ai.modx.model.TensorAssert.assertClose;
import static ai.modx.model.TensorAssert.assertDigest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.modx.Golden;
import ai.modx.data.Batch;
import ai.modx.model.ClipModel;
import ai.modx.model.ClipParameters;
import ai.modx.model.GoldenModel;
import ai.modx.model.ParameterSpec;
import ai.modx.modxtrain.ModXMethod.Reduction;
import ai.modx.optim.AdamW;
import ai.modx.optim.CosineWarmup;
import ai.modx.parallel.BatchLoss;
import ai.modx.parallel.ReplicaGroup;
import ai.modx.parallel.ShardedAdamW;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.TensorCopy;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses, kept rows, gradients and eight training steps of Mod-X against the original program's. */
class ModXGoldenTest {

    @ParameterizedTest
    @CsvSource({"tiny_vit,20,1", "tiny_vit,20,3", "tiny_vit,0.1,1", "tiny_rn,20,1", "tiny_rn,0.1,1"})
    void computesTheOriginalsLossesAndGradients(String name, String alpha, int chunks) {
        assumeInGolden(name);
        GoldenModel golden = GoldenModel.load(name);
        JsonNode modx = Golden.json(name + "/modx/modx.json");
        JsonNode expected = modx.get("alphas").get(alpha);
        Batch batch = batch(name + "/inputs.safetensors", 0);
        double weight = Double.parseDouble(alpha);
        try (ReplicaGroup replicas = replicas(golden, 1, chunks, golden.state());
                ModXMethod method = new ModXMethod(replicas.model().manager(), teacher(golden, 1, chunks), weight, Reduction.SUM)) {
            BatchLoss.Values loss = replicas.accumulate(batch, 1, method.loss(batch)).read();
            double tolerance = alpha.equals("20") ? 2e-4 : 2e-5;
            Map<String, Double> parts = loss.parts();
            assertThat(parts.get("loss_train")).isCloseTo(expected.get("loss_train").asDouble(), within(1e-5));
            assertThat(parts.get("loss_distill")).isCloseTo(expected.get("loss_distill").asDouble(), within(1e-5));
            assertThat(loss.total()).isCloseTo(expected.get("loss").asDouble(), within(tolerance));
            assertThat(parts.get("kept_i2t")).isEqualTo(kept(modx.get("replaced_image_text")));
            assertThat(parts.get("kept_t2i")).isEqualTo(kept(modx.get("replaced_text_image")));
            assertGradients(golden, replicas.model(), alpha, expected.get("gradient_summary"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny_vit", "tiny_rn"})
    void theTeacherSeesTheOriginalsSimilarities(String name) {
        assumeInGolden(name);
        GoldenModel golden = GoldenModel.load(name);
        Map<String, HostTensor> expected = Golden.tensors(name + "/modx/similarities.safetensors");
        try (Teacher teacher = teacher(golden, 1, 1);
                NativeScope scope = NativeScope.withoutGradients()) {
            NDArray old = teacher.cosines(batch(name + "/inputs.safetensors", 0));
            assertClose("old_image_text", TensorCopy.toHost(old).toFloatArray(), expected.get("old_image_text").toFloatArray(), 1e-5);
            assertClose("old_text_image", TensorCopy.toHost(old.transpose().duplicate()).toFloatArray(),
                    expected.get("old_text_image").toFloatArray(), 1e-5);
        }
    }

    @ParameterizedTest
    @CsvSource({"tiny_vit,1,1", "tiny_vit,1,2", "tiny_vit,2,3", "tiny_rn,1,1"})
    void followsTheOriginalForEightSteps(String name, int devices, int chunks) {
        assumeInGolden(name);
        GoldenModel golden = GoldenModel.load(name);
        JsonNode records = Golden.json(name + "/modx/trace_alpha20.json").get("records");
        CosineWarmup schedule = CosineWarmup.over(12, 5e-4);
        try (ReplicaGroup replicas = replicas(golden, devices, chunks, golden.state());
                ModXMethod method = new ModXMethod(replicas.model().manager(), teacher(golden, devices, chunks), 20, Reduction.SUM);
                ShardedAdamW optimizer = replicas.optimizer(AdamW.Settings.of(1e-8, 0.1))) {
            for (int step = 0; step < 8; step++) {
                Batch batch = batch("trace_batches_64px.safetensors", step);
                double loss = replicas.accumulate(batch, 1, method.loss(batch)).read().total();
                replicas.reduceGradients();
                replicas.update(optimizer, schedule.rate(step));
                JsonNode record = records.get(step);
                double noise = 10 * record.get("loss_noise").asDouble();
                double tolerance = name.equals("tiny_vit") ? 2e-4 + noise : step < 2 ? 2e-4 : noise + 2e-4;
                assertThat(loss).as("loss of step %d", step).isCloseTo(record.get("micro_losses").get(0).asDouble(), within(tolerance));
            }
            if (name.equals("tiny_vit")) {
                Map<String, HostTensor> state = Golden.tensors(name + "/modx/trace_alpha20_final_state_digest.safetensors");
                JsonNode zero = Golden.json(name + "/case.json").get("zero_gradient_slices");
                for (ParameterSpec spec : trainable(golden)) {
                    assertDigest(spec.name(), TensorCopy.toHost(replicas.model().state().get(spec.name())), state, zero.get(spec.name()), 5e-5);
                }
            }
        }
    }

    private static void assertGradients(GoldenModel golden, ClipModel model, String alpha, JsonNode summary) {
        Map<String, HostTensor> digest = Golden.tensors(golden.name() + "/modx/grads_alpha" + alpha + "_digest.safetensors");
        JsonNode zero = Golden.json(golden.name() + "/case.json").get("zero_gradient_slices");
        double tolerance = golden.config().isResNet() ? 1e-3 : 1e-4;
        for (ParameterSpec spec : trainable(golden)) {
            double largest = summary.get(spec.name()).get("absmax").asDouble();
            assertDigest(spec.name(), TensorCopy.toHost(model.state().get(spec.name()).getGradient()), digest, zero.get(spec.name()),
                    tolerance * largest + 1e-9);
        }
    }

    /** The ResNet's teacher is large. */
    private static void assumeInGolden(String name) {
        String teacher = name + "/modx/teacher_state.safetensors";
        assumeTrue(Golden.has(teacher), teacher + " is only in the full golden folder (-Dgolden=DIR)");
    }

    private static List<ParameterSpec> trainable(GoldenModel golden) {
        return ClipParameters.of(golden.config()).stream().filter(ParameterSpec::isTrainable).toList();
    }

    private static Teacher teacher(GoldenModel golden, int devices, int chunks) {
        Map<String, HostTensor> state = Golden.tensors(golden.name() + "/modx/teacher_state.safetensors");
        return new FrozenModel(replicas(golden, devices, chunks, state));
    }

    private static ReplicaGroup replicas(GoldenModel golden, int devices, int chunks, Map<String, HostTensor> state) {
        return new ReplicaGroup(golden.config(), GoldenModel.COMPUTATION, Collections.nCopies(devices, Device.cpu()), chunks, state);
    }

    private static Batch batch(String file, int index) {
        Map<String, HostTensor> data = Golden.tensors(file);
        return GoldenModel.batch(data.get("images_u8"), data.get("tokens"), index);
    }

    private static double kept(JsonNode replaced) {
        int kept = 0;
        for (JsonNode row : replaced) {
            kept += 1 - row.asInt();
        }
        return kept;
    }
}
