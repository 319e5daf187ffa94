package ai.modx.lineareval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.modx.data.BadImagePolicy;
import ai.djl.ndarray.NDArray;
import ai.modx.Golden;
import ai.modx.data.EpochOrder;
import ai.modx.data.ImageCache;
import ai.modx.data.StopRequest;
import ai.modx.model.Computation;
import ai.modx.model.Precision;
import ai.modx.optim.CosineAnnealing;
import ai.modx.torch.HostTensor;
import ai.modx.torch.TensorCopy;
import ai.modx.torch.TensorSource;
import ai.modx.train.TrainingPlan;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The linear evaluation of the original program on features: losses, accuracies, weights and momenta. */
class GoldenProbeTest {

    private static final float TOLERANCE = 1e-5f;

    @ParameterizedTest
    @ValueSource(strings = {"c5", "c9"})
    void trainsAsTheOriginal(String name) {
        JsonNode golden = Golden.json("linear_eval/linear_eval.json").get(name);
        Map<String, HostTensor> tensors = Golden.tensors("linear_eval/tensors.safetensors");
        int batch = golden.get("batch").asInt();
        int samples = golden.get("samples").asInt();
        // The original leaves the last, incomplete batch of the validation images out.
        int valSamples = golden.get("val_samples").asInt() - golden.get("dropped_val").asInt();
        JsonNode epochs = golden.get("epochs");
        JsonNode hyper = golden.get("hyper");
        ProbeSettings settings = new ProbeSettings(false, epochs.size(), batch, 0, hyper.get("lr").asDouble(), hyper.get("weight_decay").asDouble(),
                1, 0, ImageCache.NONE, 0, false, true, BadImagePolicy.FAIL, Optional.empty(), false);
        Map<String, HostTensor> initial = Map.of("weight", tensors.get(name + ".init_weight"), "bias", tensors.get(name + ".init_bias"));
        Backbone backbone = TinyModels.vit(Computation.in(Precision.FP32));
        List<Double> losses = new ArrayList<>();
        List<Accuracy> accuracies = new ArrayList<>();
        try (ProbeReplicas replicas = new ProbeReplicas(List.of(Device.cpu()), backbone, false, initial);
                ProbeOptimizer optimizer = new ProbeOptimizer(replicas.first(), settings)) {
            TrainingPlan plan = new TrainingPlan(samples, batch, 1, epochs.size());
            new ProbeTraining(plan, new EpochOrder(0, samples, false), replicas, optimizer,
                    features(replicas, tensors, name + ".train", samples), features(replicas, tensors, name + ".val", valSamples))
                    .run(0, plan.totalSteps(), 0, new StopRequest(), new ProbeTraining.Listener() {
                        @Override
                        public void stepped(int epoch, long step, double loss) {
                            losses.add(loss);
                        }

                        @Override
                        public void trained(long steps) {
                            // nothing to save
                        }

                        @Override
                        public void evaluated(Accuracy accuracy) {
                            accuracies.add(accuracy);
                        }
                    });
            List<NDArray> parameters = replicas.first().classifier().parameters();
            assertClose(TensorCopy.toHost(parameters.get(0)), tensors.get(name + ".final_weight"));
            assertClose(TensorCopy.toHost(parameters.get(1)), tensors.get(name + ".final_bias"));
            List<? extends TensorSource> momenta = optimizer.state(0).groups().get(0).momenta();
            assertClose(momenta.get(0).load(), tensors.get(name + ".momentum_weight"));
            assertClose(momenta.get(1).load(), tensors.get(name + ".momentum_bias"));
        }
        for (int epoch = 0; epoch < epochs.size(); epoch++) {
            JsonNode expected = epochs.get(epoch);
            assertThat(new CosineAnnealing(0.3, epochs.size()).rate(epoch)).isCloseTo(expected.get("lr").asDouble(), within(1e-12));
            assertThat(accuracies.get(epoch).acc1()).isEqualTo(expected.get("acc1").asDouble());
            assertThat(accuracies.get(epoch).acc5()).isEqualTo(expected.get("acc5").asDouble());
            for (int i = 0; i < expected.get("losses").size(); i++) {
                assertThat(losses.get(epoch * samples / batch + i)).isCloseTo(expected.get("losses").get(i).asDouble(), within((double) TOLERANCE));
            }
        }
    }

    private static RememberedFeatures features(ProbeReplicas replicas, Map<String, HostTensor> tensors, String name, int count) {
        HostTensor x = tensors.get(name + "_x");
        int width = (int) x.shape()[1];
        HostTensor rows = HostTensor.of(Arrays.copyOf(x.toFloatArray(), count * width), count, width);
        LongBuffer labels = tensors.get(name + "_y").data().asLongBuffer();
        return new RememberedFeatures(TensorCopy.toDevice(replicas.first().manager(), rows), IntStream.range(0, count).map(i -> (int) labels.get(i)).toArray());
    }

    private static void assertClose(HostTensor actual, HostTensor expected) {
        assertThat(actual.toFloatArray()).containsExactly(expected.toFloatArray(), within(TOLERANCE));
    }
}
