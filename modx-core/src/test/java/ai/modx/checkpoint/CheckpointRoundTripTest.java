package ai.modx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.modx.Golden;
import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import ai.modx.torch.LazyTensor;
import ai.modx.torch.OrderedDict;
import ai.modx.torch.Tuple;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointRoundTripTest {

    @TempDir
    Path folder;

    private Checkpoint python;

    @BeforeEach
    void readPythonsCheckpoint() {
        python = Checkpoint.read(Golden.path("checkpoints/micro_vit_checkpoint_1_2.pt"));
    }

    @Test
    void aPythonCheckpointSavedAgainLosesNoBit() {
        Path file = folder.resolve("again.pt");
        CheckpointWriter.write(file, contents());
        Checkpoint again = Checkpoint.read(file);

        assertThat(again.format()).isEqualTo(Format.TORCH);
        assertThat(again.epoch()).hasValue(1);
        assertThat(again.globalStep()).hasValue(2);
        assertThat(again.entries().get("run").get("seed").asLong()).isEqualTo(1L << 40);
        assertEqualModels(again.model(), python.model());
        AdamWState before = python.optimizer().orElseThrow();
        AdamWState after = again.optimizer().orElseThrow();
        assertThat(after.groups()).isEqualTo(before.groups());
        assertThat(after.moments().keySet()).isEqualTo(before.moments().keySet());
        before.moments().forEach((i, moments) -> {
            assertThat(after.moments().get(i).step()).isEqualTo(moments.step());
            assertEqual("exp_avg " + i, after.moments().get(i).expAvg().load(), moments.expAvg().load());
            assertEqual("exp_avg_sq " + i, after.moments().get(i).expAvgSq().load(), moments.expAvgSq().load());
        });
    }

    @Test
    void equalContentsGiveEqualBytesWhateverTheName() throws IOException {
        CheckpointWriter.write(folder.resolve("a.pt"), contents());
        CheckpointWriter.write(folder.resolve("b.pt"), contents());
        assertThat(Files.mismatch(folder.resolve("a.pt"), folder.resolve("b.pt"))).isEqualTo(-1);
    }

    @Test
    void safetensorsHoldTheModelAndItsMetadata() {
        Path file = folder.resolve("model.safetensors");
        CheckpointWriter.write(file, new CheckpointContents(3, 17, python.model(), python.optimizer(), Map.of("model_name", "ViTB32")));
        Checkpoint again = Checkpoint.read(file);

        assertThat(again.format()).isEqualTo(Format.SAFETENSORS);
        assertThat(again.epoch()).hasValue(3);
        assertThat(again.globalStep()).hasValue(17);
        assertThat(again.entries().get("model_name").asString()).isEqualTo("ViTB32");
        assertThat(again.optimizer()).isEmpty();
        assertEqualModels(again.model(), python.model());
    }

    @Test
    void everyElementTypeSurvivesBothFormats() {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        for (ElementType type : ElementType.values()) {
            tensors.put(type.name(), new HostTensor(type, new long[] {3}, ByteBuffer.allocate(3 * type.bytes())));
            tensors.put(type.name() + "_scalar", new HostTensor(type, new long[0], ByteBuffer.allocate(type.bytes())));
            tensors.put(type.name() + "_empty", new HostTensor(type, new long[] {2, 0, 3}, ByteBuffer.allocate(0)));
        }
        for (String name : List.of("types.pt", "types.safetensors")) {
            CheckpointWriter.write(folder.resolve(name), new CheckpointContents(0, 0, tensors, Optional.empty(), Map.of()));
            assertEqualModels(Checkpoint.read(folder.resolve(name)).model(), tensors);
        }
    }

    @Test
    void tensorsAreFetchedOneByOneWhenTheyAreWritten() {
        List<String> fetched = new ArrayList<>();
        Map<String, LazyTensor> model = new LinkedHashMap<>();
        for (String name : List.of("a", "b", "c")) {
            model.put(name, new LazyTensor(ElementType.FLOAT32, new long[] {1}, () -> {
                fetched.add(name);
                return HostTensor.of(new float[] {1}, 1);
            }));
        }
        CheckpointContents contents = new CheckpointContents(0, 0, model, Optional.empty(), Map.of());
        assertThat(fetched).isEmpty();
        CheckpointWriter.write(folder.resolve("lazy.pt"), contents);
        assertThat(fetched).containsExactly("a", "b", "c");
    }

    @Test
    void aBatchNormCounterIsAnInt64Scalar() {
        ByteBuffer count = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 1234567890123L);
        HostTensor counter = new HostTensor(ElementType.INT64, new long[0], count);
        TorchFile.write(folder.resolve("bn.pt"), Map.of("bn.num_batches_tracked", counter));
        Checkpoint read = Checkpoint.read(folder.resolve("bn.pt"));
        assertThat(read.entries().get("bn.num_batches_tracked").asLong()).isEqualTo(1234567890123L);
    }

    @Test
    void prefixesAndOtherLayoutsAreRecognised() {
        HostTensor weight = HostTensor.of(new float[] {1, 2}, 2);
        List<Object> layouts = List.of(
                Map.of("w", weight),
                new OrderedDict(Map.of("module.w", weight)),
                Map.of("state_dict", Map.of("w", weight), "epoch", 3),
                Map.of("model", Map.of("module.w", weight)));
        for (Object layout : layouts) {
            TorchFile.write(folder.resolve("layout.pt"), layout);
            assertThat(Checkpoint.read(folder.resolve("layout.pt")).model().keySet()).containsExactly("w");
        }
    }

    @Test
    void aStepThatIsAPlainNumberIsReadAsOldTorchWroteIt() {
        Map<String, Object> tree = new LinkedHashMap<>();
        HostTensor weight = HostTensor.of(new float[] {1, 2}, 2);
        tree.put("model_state_dict", Map.of("w", weight));
        tree.put("optimizer_state_dict", Map.of(
                "state", Map.of(0, Map.of("step", 7, "exp_avg", weight, "exp_avg_sq", weight)),
                "param_groups", List.of(Map.of("lr", 1e-3, "betas", Tuple.of(0.9, 0.98), "eps", 1e-6, "weight_decay", 0.2,
                        "params", List.of(0)))));
        TorchFile.write(folder.resolve("old.pt"), tree);
        AdamWState state = Checkpoint.read(folder.resolve("old.pt")).optimizer().orElseThrow();
        assertThat(state.step()).isEqualTo(7);
        assertThat(state.groups().get(0).initialLr()).isEqualTo(1e-3);
    }

    @Test
    void anotherOptimizersStateIsNotTakenForAdamW() {
        TorchFile.write(folder.resolve("sgd.pt"), Map.of("model", Map.of("w", HostTensor.of(new float[] {1}, 1)),
                "optimizer", Map.of("state", Map.of(), "param_groups", List.of(Map.of("lr", 0.3, "momentum", 0.9)))));
        assertThat(Checkpoint.read(folder.resolve("sgd.pt")).optimizer()).isEmpty();
    }

    @Test
    void aFileWithoutAModelSaysWhatItHolds() {
        Path file = folder.resolve("other.pt");
        TorchFile.write(file, Map.of("classifier", Map.of("w", HostTensor.of(new float[] {1}, 1))));
        assertThatThrownBy(() -> Checkpoint.read(file)).isInstanceOf(CheckpointException.class).hasMessage("Checkpoint " + file
                + " holds no model: expected model_state_dict, state_dict, model or tensors alone, found the keys [classifier]");
    }

    @Test
    void extraEntriesMustNotReplaceTheOriginals() {
        assertThatThrownBy(() -> new CheckpointContents(0, 0, Map.of(), Optional.empty(), Map.of("epoch", 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Extra entries must not be named like the original's");
    }

    private CheckpointContents contents() {
        return new CheckpointContents(1, 2, python.model(), python.optimizer(), Map.of("run", Map.of("seed", 1L << 40)));
    }

    private static void assertEqualModels(Map<String, HostTensor> actual, Map<String, HostTensor> expected) {
        assertThat(actual.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        expected.forEach((name, tensor) -> assertEqual(name, actual.get(name), tensor));
    }

    private static void assertEqual(String name, HostTensor actual, HostTensor expected) {
        assertThat(actual.type()).as(name).isEqualTo(expected.type());
        assertThat(actual.shape()).as(name).isEqualTo(expected.shape());
        assertThat(actual.data().mismatch(expected.data())).as(name).isEqualTo(-1);
    }
}
