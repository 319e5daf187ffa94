package ai.modx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.modx.checkpoint.WeightAverage.Part;
import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import ai.modx.torch.TensorSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightAverageTest {

    @TempDir
    Path dir;

    @Test
    void weightsAndStatisticsAreInterpolatedAndTheLargestCounterIsTaken() {
        Checkpoint a = save("a.pt", model(1, 4, 10));
        Checkpoint b = save("b.safetensors", model(3, 8, 7));

        Map<String, TensorSource> mean = new WeightAverage(List.of(new Part(a, 0.75), new Part(b, 0.25))).tensors();

        assertThat(mean.keySet()).containsExactly("w", "bn.running_var", "bn.num_batches_tracked");
        assertThat(mean.get("w").load().toFloatArray()).containsExactly(1.5f, -1.5f);
        assertThat(mean.get("bn.running_var").load().toFloatArray()).containsExactly(5);
        assertThat(mean.get("bn.num_batches_tracked").load().data().getLong()).isEqualTo(10);
        assertThat(mean.get("bn.num_batches_tracked").type()).isEqualTo(ElementType.INT64);
    }

    @Test
    void anEndPointIsTheModelItselfWhateverTheOtherHolds() {
        Checkpoint a = save("a.pt", model(-0.0f, 0.1f, 1));
        Checkpoint b = save("b.pt", model(Float.NaN, Float.POSITIVE_INFINITY, 0));

        Map<String, TensorSource> same = new WeightAverage(List.of(new Part(a, 1), new Part(b, 0))).tensors();

        a.model().forEach((name, tensor) -> assertThat(same.get(name).load().data()).as(name).isEqualTo(tensor.data()));
    }

    @Test
    void theMeanOfEqualModelsIsTheModelAndItsOriginIsKept() {
        Checkpoint a = save("a.pt", model(0.1f, 0.3f, 5));
        new WeightAverage(List.of(new Part(a, 0.5), new Part(a, 0.5))).write(dir.resolve("m.pt"), Map.of());

        Checkpoint mean = Checkpoint.read(dir.resolve("m.pt"));
        a.model().forEach((name, tensor) -> assertThat(mean.model().get(name).data()).as(name).isEqualTo(tensor.data()));
        assertThat(mean.optimizer()).isEmpty();
        assertThat(mean.entries().get("averaged").asString()).isEqualTo("0.5 " + a.path() + " + 0.5 " + a.path());
    }

    @Test
    void modelsOfDifferentArchitecturesAreRefused() {
        Checkpoint a = save("a.pt", model(1, 1, 1));
        Checkpoint b = save("b.pt", Map.of("w", HostTensor.of(new float[] {1, 2, 3}, 3)));

        assertThatThrownBy(() -> new WeightAverage(List.of(new Part(a, 0.5), new Part(b, 0.5)))).isInstanceOf(CheckpointException.class).hasMessage(
                b.path() + " is of another architecture than " + a.path() + ": missing bn.running_var (and 1 more); shape of w is [3], expected [2]. "
                        + "Only models of one architecture can be averaged");
    }

    private Checkpoint save(String name, Map<String, HostTensor> model) {
        CheckpointWriter.write(dir.resolve(name), new CheckpointContents(0, 0, model, Optional.empty(), Map.of()));
        return Checkpoint.read(dir.resolve(name));
    }

    private static Map<String, HostTensor> model(float weight, float variance, long batches) {
        Map<String, HostTensor> model = new LinkedHashMap<>();
        model.put("w", HostTensor.of(new float[] {weight, -weight}, 2));
        model.put("bn.running_var", HostTensor.of(new float[] {variance}, 1));
        model.put("bn.num_batches_tracked", new HostTensor(ElementType.INT64, new long[0],
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, batches)));
        return model;
    }
}
