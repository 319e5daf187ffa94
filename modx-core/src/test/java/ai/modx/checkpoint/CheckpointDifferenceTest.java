package ai.modx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.torch.HostTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointDifferenceTest {

    private static final HostTensor WEIGHT = HostTensor.of(new float[] {1, 2, 3, Float.NaN}, 2, 2);

    @TempDir
    Path folder;

    @Test
    void equalContentsAreEqual() {
        Path a = write("a.pt", 7, Map.of("w", WEIGHT), Map.of("note", List.of(1L, "x")));
        Path b = write("b.pt", 7, Map.of("w", WEIGHT), Map.of("note", List.of(1L, "x")));
        assertThat(CheckpointDifference.between(a, b)).isEqualTo(new CheckpointDifference(5, List.of()));
    }

    @Test
    void everyDifferenceIsNamedWithItsSize() {
        Path a = write("a.pt", 7, tensors(WEIGHT, HostTensor.of(new float[] {0}, 1)), Map.of("note", List.of(1L, "x")));
        Path b = write("b.pt", 8, tensors(HostTensor.of(new float[] {1, 2.5f, 5, Float.NaN}, 2, 2), HostTensor.of(new float[] {-0f}, 1)),
                Map.of("note", List.of(1L, "y", true)));
        assertThat(CheckpointDifference.between(a, b).differences()).containsExactly(
                "global_step  7 | 8",
                "note[1]  'x' | 'y'",
                "model_state_dict.v  float32 [1]: 1 of 1 differ, by at most 0.0",
                "model_state_dict.w  float32 [2, 2]: 2 of 4 differ, by at most 2.0",
                "note[2]  only in the second: true");
    }

    @Test
    void aNaNOnOneSideIsNotHidden() {
        Path a = write("a.pt", 7, Map.of("w", WEIGHT), Map.of());
        Path b = write("b.pt", 7, Map.of("w", HostTensor.of(new float[] {1, 9, Float.NaN, 4}, 2, 2)), Map.of());
        assertThat(CheckpointDifference.between(a, b).differences()).containsExactly("model_state_dict.w  float32 [2, 2]: 3 of 4 differ, by at most NaN");
    }

    @Test
    void anotherShapeIsADifferenceOfItsOwn() {
        Path a = write("a.pt", 7, Map.of("w", WEIGHT), Map.of());
        Path b = write("b.pt", 7, Map.of("w", HostTensor.of(new float[] {1, 2}, 2)), Map.of());
        assertThat(CheckpointDifference.between(a, b).differences()).containsExactly("model_state_dict.w  float32 [2, 2] | float32 [2]");
    }

    @Test
    void weightsAreComparedAcrossFormatsAndLayouts() {
        Path a = write("a.pt", 7, Map.of("w", WEIGHT), Map.of());
        Path replica = write("b.pt", 7, Map.of("module.w", WEIGHT), Map.of());
        Path bare = write("c.safetensors", 7, Map.of("w", WEIGHT), Map.of());
        assertThat(CheckpointDifference.between(a, replica).differences()).isEmpty();
        assertThat(CheckpointDifference.between(a, bare).differences()).noneMatch(line -> line.startsWith("model_state_dict"));
    }

    private static Map<String, HostTensor> tensors(HostTensor w, HostTensor v) {
        return new TreeMap<>(Map.of("w", w, "v", v));
    }

    private Path write(String name, long step, Map<String, HostTensor> model, Map<String, Object> extra) {
        Path file = folder.resolve(name);
        CheckpointWriter.write(file, new CheckpointContents(0, step, model, Optional.empty(), extra));
        return file;
    }
}
