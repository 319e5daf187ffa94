package ai.modx.lineareval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.modx.data.BadImagePolicy;
import ai.modx.data.EpochOrder;
import ai.modx.data.ImageCache;
import ai.modx.data.StopRequest;
import ai.modx.model.Computation;
import ai.modx.model.Precision;
import ai.modx.torch.HostTensor;
import ai.modx.torch.TensorCopy;
import ai.modx.torch.TorchEngine;
import ai.modx.train.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProbeTrainingTest {

    private static final int EPOCHS = 3;

    @Test
    void anEvaluationThatIsCutOffIsMadeUpFor() {
        ProbeSettings settings = new ProbeSettings(false, EPOCHS, 2, 0, 0.3, 0, 1, 0, ImageCache.NONE, 0, true, true, BadImagePolicy.FAIL, Optional.empty(), false);
        TrainingPlan plan = new TrainingPlan(4, 2, 1, EPOCHS);
        List<Integer> evaluated = new ArrayList<>();
        try (ProbeReplicas replicas = new ProbeReplicas(List.of(Device.cpu()), TinyModels.vit(Computation.in(Precision.FP32)), false,
                        LinearClassifier.initialState(2, 3, 0));
                ProbeOptimizer optimizer = new ProbeOptimizer(replicas.first(), settings)) {
            RememberedFeatures features = new RememberedFeatures(TensorCopy.toDevice(replicas.first().manager(),
                    HostTensor.of(new float[] {1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 1}, 4, 3)), new int[] {0, 1, 0, 1});
            ProbeTraining training = new ProbeTraining(plan, new EpochOrder(0, 4, true), replicas, optimizer, features, features);
            StopRequest stop = new StopRequest();

            assertThat(training.run(0, plan.totalSteps(), 0, stop, listener(evaluated, () -> stop.ask(143), 3))).isEqualTo(4);
            assertThat(evaluated).containsExactly(0);

            assertThat(training.run(4, plan.totalSteps(), 1, new StopRequest(), listener(evaluated, () -> { }, 0))).isEqualTo(6);
            assertThat(evaluated).containsExactly(0, 1, 2);
        }
    }

    private static ProbeTraining.Listener listener(List<Integer> evaluated, Runnable action, long atStep) {
        return new ProbeTraining.Listener() {
            @Override
            public void stepped(int epoch, long step, double loss) {
                if (step == atStep) {
                    action.run();
                }
            }

            @Override
            public void trained(long steps) {
                // nothing to save
            }

            @Override
            public void evaluated(Accuracy accuracy) {
                evaluated.add(accuracy.epoch());
            }
        };
    }

    @Test
    void aDeviceThatFailsLeavesNothingOnThoseBeforeIt() {
        Backbone backbone = TinyModels.vit(Computation.in(Precision.FP32));
        Map<String, HostTensor> classifier = LinearClassifier.initialState(2, 16, 0);
        try (NDManager manager = TorchEngine.manager(Device.cpu())) {
            NDManager everything = manager.getParentManager();
            int before = everything.getManagedArrays().size();
            assertThatThrownBy(() -> new ProbeReplicas(List.of(Device.cpu(), Device.gpu(99)), backbone, false, classifier));
            assertThatThrownBy(() -> new ProbeReplicas(List.of(Device.cpu()), backbone, false, Map.of()));
            assertThat(everything.getManagedArrays()).hasSize(before);
            try (ProbeReplicas replicas = new ProbeReplicas(List.of(Device.cpu()), backbone, false, classifier)) {
                assertThat(everything.getManagedArrays()).as("what is counted").hasSizeGreaterThan(before);
            }
        }
    }

    @Test
    void everyClassCountsTheSameInTheMeanRecall() {
        Accuracy accuracy = Accuracy.of(0, new long[] {90, 10, 0}, new long[] {90, 0, 0}, new long[] {90, 5, 0});
        assertThat(accuracy.acc1()).isCloseTo(90, within(1e-9));
        assertThat(accuracy.acc5()).isCloseTo(95, within(1e-9));
        assertThat(accuracy.meanRecall()).as("of the two classes that have images").isCloseTo(50, within(1e-9));
        assertThat(accuracy.better(new Accuracy(1, 90, 99, 99)).epoch()).as("the first of equals").isZero();
    }
}
