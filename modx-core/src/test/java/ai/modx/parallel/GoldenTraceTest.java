package ai.modx.parallel;

import static ai.modx.model.TensorAssert.assertDigest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.modx.Golden;
import ai.modx.data.Batch;
import ai.modx.model.ClipParameters;
import ai.modx.model.GoldenModel;
import ai.modx.model.ParameterSpec;
import ai.modx.optim.AdamW;
import ai.modx.optim.CosineWarmup;
import ai.modx.torch.TensorCopy;
import ai.modx.torch.HostTensor;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Eight optimizer steps of the original's joint loop: losses, logit scale, weights and moments. */
class GoldenTraceTest {

    @ParameterizedTest
    @CsvSource({"tiny_vit,1,1,1", "tiny_vit,2,1,1", "tiny_vit,2,1,3", "tiny_vit,2,2,2", "tiny_rn,1,1,1", "tiny_rn,2,1,1"})
    void followsTheOriginalForEightSteps(String name, int accumulation, int devices, int chunks) {
        GoldenModel golden = GoldenModel.load(name);
        JsonNode trace = Golden.json(name + "/trace/trace.json").get("acc" + accumulation);
        Map<String, HostTensor> data = Golden.tensors("trace_batches_64px.safetensors");
        CosineWarmup schedule = CosineWarmup.over(12, 5e-4);
        try (ReplicaGroup replicas = new ReplicaGroup(golden.config(), GoldenModel.COMPUTATION, Collections.nCopies(devices, Device.cpu()), chunks, golden.state());
                ShardedAdamW optimizer = replicas.optimizer(AdamW.Settings.of(1e-8, 0.1))) {
            for (int step = 0; step < 8; step++) {
                JsonNode record = trace.get("records").get(step);
                List<Double> losses = new ArrayList<>();
                for (int micro = 0; micro < accumulation; micro++) {
                    Batch batch = GoldenModel.batch(data.get("images_u8"), data.get("tokens"), step * accumulation + micro);
                    losses.add(replicas.accumulate(batch, 1.0 / accumulation, SmallSteps::contrastive).read().total() / accumulation);
                }
                replicas.reduceGradients();
                assertThat(schedule.rate(step)).isCloseTo(record.get("lr_used").asDouble(), within(1e-12));
                replicas.update(optimizer, schedule.rate(step));
                double tolerance = tolerance(name, step, record.get("loss_noise").asDouble());
                for (int micro = 0; micro < accumulation; micro++) {
                    assertThat(losses.get(micro)).as("loss of step %d", step).isCloseTo(record.get("micro_losses").get(micro).asDouble(), within(tolerance));
                }
                assertThat((double) replicas.model().logitScale().getFloat()).isCloseTo(record.get("logit_scale").asDouble(), within(Math.max(2e-5, tolerance)));
            }
            if (name.equals("tiny_vit")) {
                assertFinalState(golden, replicas, optimizer, "tiny_vit/trace/acc" + accumulation);
            }
        }
    }

    /** Rounding is amplified by the rectifiers of a ResNet: the golden files say by how much. */
    private static double tolerance(String name, int step, double noise) {
        if (name.equals("tiny_vit")) {
            return 1e-4;
        }
        return step < 2 ? 1e-5 : 10 * noise + 1e-5;
    }

    private static void assertFinalState(GoldenModel golden, ReplicaGroup replicas, ShardedAdamW optimizer, String prefix) {
        Map<String, HostTensor> state = Golden.tensors(prefix + "_final_state_digest.safetensors");
        Map<String, HostTensor> first = Golden.tensors(prefix + "_exp_avg_digest.safetensors");
        Map<String, HostTensor> second = Golden.tensors(prefix + "_exp_avg_sq_digest.safetensors");
        JsonNode zero = Golden.json(golden.name() + "/case.json").get("zero_gradient_slices");
        JsonNode trace = Golden.json(golden.name() + "/trace/trace.json").get("acc" + prefix.charAt(prefix.length() - 1));
        List<String> names = ClipParameters.of(golden.config()).stream().filter(ParameterSpec::isTrainable).map(ParameterSpec::name).toList();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            AdamW.Moments moments = optimizer.moments(i);
            assertDigest(name, TensorCopy.toHost(replicas.model().state().get(name)), state, zero.get(name), 2e-5);
            assertDigest(name, moments.expAvg().load(), first, zero.get(name), 1e-4 * trace.get("exp_avg_summary").get(name).get("absmax").asDouble() + 1e-7);
            assertDigest(name, moments.expAvgSq().load(), second, zero.get(name), 1e-4 * trace.get("exp_avg_sq_summary").get(name).get("absmax").asDouble() + 1e-9);
            assertThat(moments.step()).isEqualTo(8);
        }
    }
}
