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
        assertThat(CheckpointDifference.between(a, b).lines(false)).containsExactly(
                "global_step  7 | 8",
                "note[1]  'x' | 'y'",
                "note[2]  only in the second: true",
                "weights    different in 2 values, by at most 2.0",
                "optimizer  equal",
                "model_state_dict.v  float32 [1]: 1 of 1 differ, by at most 0.0",
                "model_state_dict.w  float32 [2, 2]: 2 of 4 differ, by at most 2.0");
    }

    @Test
    void aNaNOnOneSideIsNotHidden() {
        Path a = write("a.pt", 7, Map.of("w", WEIGHT), Map.of());
        Path b = write("b.pt", 7, Map.of("w", HostTensor.of(new float[] {1, 9, Float.NaN, 4}, 2, 2)), Map.of());
        assertThat(CheckpointDifference.between(a, b).lines(false)).contains("weights    different in 1 values, by at most NaN",
                "model_state_dict.w  float32 [2, 2]: 3 of 4 differ, by at most NaN");
    }

    @Test
    void anotherShapeIsADifferenceOfItsOwn() {
        Path a = write("a.pt", 7, Map.of("w", WEIGHT), Map.of());
        Path b = write("b.pt", 7, Map.of("w", HostTensor.of(new float[] {1, 2}, 2)), Map.of());
        assertThat(CheckpointDifference.between(a, b).lines(false)).contains("weights    different in 1 values", "model_state_dict.w  float32 [2, 2] | float32 [2]");
    }

    @Test
    void weightsAreComparedAcrossFormatsAndLayouts() {
        Path a = write("a.pt", 7, Map.of("w", WEIGHT), Map.of());
        Path replica = write("b.pt", 7, Map.of("module.w", WEIGHT), Map.of());
        Path bare = write("c.safetensors", 7, Map.of("w", WEIGHT), Map.of());
        assertThat(CheckpointDifference.between(a, replica).differences()).isEmpty();
        assertThat(CheckpointDifference.between(a, bare).lines(false)).noneMatch(line -> line.startsWith("model_state_dict"));
    }

    @Test
    void settingsOfTheRunComeFirstAndTheOptimizerOnlyIfAsked() {
        Path a = optimized("a.pt", 1e-3, WEIGHT, "0");
        Path b = optimized("b.pt", 5e-4, HostTensor.of(new float[] {1, 2, 3.5f, Float.NaN}, 2, 2), "1");
        List<String> brief = List.of("modx.flags.seed  '0' | '1'", "optimizer.lr  0.001 | 5.0E-4", "weights    equal",
                "optimizer  different in 1 values, by at most 0.5");
        assertThat(CheckpointDifference.between(a, b).lines(false)).isEqualTo(brief);
        assertThat(CheckpointDifference.between(a, b).lines(true)).startsWith(brief.toArray(String[]::new))
                .endsWith("optimizer.state.exp_avg  float32 [2, 2]: 1 of 4 differ, by at most 0.5").hasSize(5);
    }

    private Path optimized(String name, double rate, HostTensor state, String seed) {
        Map<String, Object> optimizer = new TreeMap<>(Map.of("lr", rate, "state", Map.of("exp_avg", state)));
        return write(name, 7, Map.of("w", WEIGHT), new TreeMap<>(Map.of("optimizer", optimizer, "modx", Map.of("flags", Map.of("seed", seed)))));
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
