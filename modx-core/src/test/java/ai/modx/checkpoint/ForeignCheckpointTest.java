package ai.modx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.modx.model.ClipParameters;
import ai.modx.model.ModelConfig;
import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints as other programs leave them. */
class ForeignCheckpointTest {

    private static final ModelConfig VIT = new ModelConfig(16, 32, List.of(1), 64, 16, 24, 16, 64, 1, 1);

    @TempDir
    private Path dir;

    private final Map<String, HostTensor> state = new LinkedHashMap<>(ClipParameters.initialState(VIT, 1));

    /**
     * Saved by torch 2.13, with {@code pickle_protocol=}: a Counter, a set, tuples as keys, a sparse tensor, complex
     * numbers and others beside two weights.
     */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void valuesThatNoModelNeedsDoNotKeepWeightsFromBeingRead(int protocol) throws IOException {
        Path file = dir.resolve("values.pt");
        try (InputStream in = ForeignCheckpointTest.class.getResourceAsStream("values_protocol_" + protocol + ".pt")) {
            Files.write(file, in.readAllBytes());
        }
        Checkpoint checkpoint = Checkpoint.read(file);
        assertThat(checkpoint.model().keySet()).containsExactly("a", "b");
        assertThat(checkpoint.model().get("a").shape()).containsExactly(2, 3);
        assertThat(checkpoint.model().get("a").toFloatArray()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(checkpoint.model().get("b").toFloatArray()).containsExactly(0.5f, -1.5f);
        assertThat(checkpoint.epoch()).hasValue(3);
        assertThat(checkpoint.entries().get("seen").get("a").asLong()).isEqualTo(2);
        assertThat(CheckpointSummary.lines(checkpoint, true)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "module.",
                "_orig_mod.",
                "model.",
                "module._orig_mod.",
                "_orig_mod.module.",
                "model.module._orig_mod."
            })
    void whatWrappersPutBeforeNamesIsTakenOff(String prefix) {
        assertThat(named(name -> prefix + name).model().keySet()).containsExactlyElementsOf(state.keySet());
    }

    @Test
    void partsThatWereCompiledAndTextTowersOfTheirOwnHaveTheirNames() {
        assertThat(named(name -> name.replace("visual.", "visual._orig_mod."))
                        .model()
                        .keySet())
                .containsExactlyElementsOf(state.keySet());
        assertThat(named(name -> name.startsWith("visual.") || name.equals("logit_scale") ? name : "text." + name)
                        .model()
                        .keySet())
                .containsExactlyElementsOf(state.keySet());
    }

    @Test
    void buffersThatNothingIsComputedWithAreLeftOut() {
        state.put("attn_mask", HostTensor.of(new float[] {0, Float.NEGATIVE_INFINITY, 0, 0}, 2, 2));
        assertThat(named(name -> "module." + name).model()).doesNotContainKey("attn_mask");
        state.put("n_averaged", HostTensor.of(new float[] {3}));
        Checkpoint averaged = named(name -> name.equals("n_averaged") ? name : "module." + name);
        averaged.requireComputable(VIT, "vit");
    }

    @Test
    void aScaleInAListOfOneIsAScale() {
        state.put("logit_scale", HostTensor.of(new float[] {2.5f}, 1));
        Checkpoint checkpoint = named(UnaryOperator.identity());
        checkpoint.requireComputable(VIT, "vit");
        assertThat(checkpoint.model().get("logit_scale").toFloatArray()).containsExactly(2.5f);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "visual\\..*       | image tower alone, without the text tower",
                "(?!visual).*      | text tower alone, without the image tower"
            })
    void towersAloneAreNamed(String kept, String message) {
        state.keySet().removeIf(name -> !name.matches(kept));
        assertThatThrownBy(() -> named(UnaryOperator.identity()).requireComputable(VIT, "vit"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(message);
    }

    @Test
    void otherThingsThanAModelAreNamed() {
        state.put("logit_bias", HostTensor.of(new float[] {-10}));
        assertThatThrownBy(() -> named(UnaryOperator.identity()).requireComputable(VIT, "vit"))
                .hasMessageContaining("it has logit_bias, as models that were trained with the sigmoid loss");
        Map<String, HostTensor> adapter = Map.of("base_model.text.lora_A.weight", HostTensor.of(new float[2], 2));
        TorchFile.write(dir.resolve("adapter.pt"), adapter);
        assertThatThrownBy(() -> Checkpoint.read(dir.resolve("adapter.pt")).requireComputable(VIT, "vit"))
                .hasMessageContaining("an adapter (LoRA)");
        SafetensorsWriter.write(dir.resolve("model-00001-of-00002.safetensors"), adapter, Map.of());
        assertThatThrownBy(() -> Checkpoint.read(dir.resolve("model-00001-of-00002.safetensors"))
                        .requireComputable(VIT, "vit"))
                .hasMessageContaining("one of several shards");
    }

    @Test
    void quantisedWeightsAreNotTakenForNumbers() {
        HostTensor weight = state.get("visual.conv1.weight");
        state.put("visual.conv1.weight", new HostTensor(ElementType.INT8, weight.shape(), ByteBuffer.allocate((int)
                weight.numel())));
        assertThatThrownBy(() -> named(UnaryOperator.identity()).requireComputable(VIT, "vit"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("has quantised weights: visual.conv1.weight is int8");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void weightsThatAreNoNumbersAreNamedAndNothingIsComputedFromThem(float bad) {
        float[] bias = state.get("visual.ln_pre.bias").toFloatArray();
        bias[3] = bad;
        bias[7] = bad;
        state.put("visual.ln_pre.bias", HostTensor.of(bias, bias.length));
        Checkpoint checkpoint = named(UnaryOperator.identity());
        assertThatThrownBy(() -> checkpoint.requireComputable(VIT, "vit"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(
                        "has weights that are not finite: 2 of the numbers in visual.ln_pre.bias are infinite or NaN");
        assertThat(CheckpointSummary.lines(checkpoint, false))
                .anySatisfy(line -> assertThat(line).startsWith("NOT FINITE").contains("visual.ln_pre.bias"));
    }

    @Test
    void modelsThatAreNoNumbersAreNotAveraged() {
        Checkpoint good = named(UnaryOperator.identity());
        state.put("logit_scale", HostTensor.of(new float[] {Float.NaN}));
        TorchFile.write(dir.resolve("bad.pt"), Map.of("state_dict", state));
        Checkpoint bad = Checkpoint.read(dir.resolve("bad.pt"));
        List<WeightAverage.Part> parts = List.of(new WeightAverage.Part(good, 0.5), new WeightAverage.Part(bad, 0.5));
        assertThatThrownBy(() -> new WeightAverage(parts))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("logit_scale");
    }

    @Test
    void theBitsOfEveryTypeAreJudged() {
        ByteBuffer half = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) 0x7bff)
                .putShort((short) 0x7c00)
                .putShort((short) 0xfe01)
                .putShort((short) 0)
                .flip();
        ByteBuffer brain = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) 0x7f7f)
                .putShort((short) 0xff80)
                .flip();
        ByteBuffer doubles = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(Double.MAX_VALUE)
                .putDouble(Double.NaN)
                .flip();
        ByteBuffer whole = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(-1)
                .flip();
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        tensors.put("half", new HostTensor(ElementType.FLOAT16, new long[] {4}, half));
        tensors.put("brain", new HostTensor(ElementType.BFLOAT16, new long[] {2}, brain));
        tensors.put("double", new HostTensor(ElementType.FLOAT64, new long[] {2}, doubles));
        tensors.put("whole", new HostTensor(ElementType.INT64, new long[] {1}, whole));
        assertThat(FiniteTensors.broken(tensors))
                .containsExactly(Map.entry("half", 2L), Map.entry("brain", 1L), Map.entry("double", 1L));
    }

    @Test
    void aFileWithoutAModelIsDescribedToo() {
        Path file = dir.resolve("probe.pth");
        TorchFile.write(file, Map.of("epoch", 3L, "classifier", Map.of("weight", HostTensor.of(new float[6], 2, 3))));
        assertThat(CheckpointSummary.lines(file, true))
                .contains("model        none", "classifier.weight  float32  [2, 3]")
                .anySatisfy(line -> assertThat(line).endsWith("epoch (3)"));
        assertThatThrownBy(() -> Checkpoint.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("holds no model");
    }

    /** The lowest byte of its header's length is the mark of a pickle. */
    @Test
    void aFormatIsToldByMoreThanItsFirstByte() throws IOException {
        for (int length = 0; length < 256; length += 8) {
            Path file = dir.resolve("padded.safetensors");
            byte[] header =
                    "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}".getBytes(StandardCharsets.UTF_8);
            ByteBuffer bytes = ByteBuffer.allocate(8 + 256 + length + 4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(256 + length)
                    .put(header);
            while (bytes.position() < 8 + 256 + length) {
                bytes.put((byte) ' ');
            }
            Files.write(file, bytes.putFloat(1.5f).array());
            assertThat(Checkpoint.read(file).model().get("a").toFloatArray())
                    .as("length %d", 256 + length)
                    .containsExactly(1.5f);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "version https://git-lfs.github.com/spec/v1\\noid sha256:4d | a git-LFS pointer | git lfs pull",
                "<!DOCTYPE html><html><body>Not found | a web page | Download it again"
            })
    void whatLiesUnderACheckpointsNameIsNamed(String content, String what, String remedy) throws IOException {
        Path file = Files.writeString(dir.resolve("model.safetensors"), content.replace("\\n", "\n"));
        assertThatThrownBy(() -> Checkpoint.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(what, remedy);
    }

    private Checkpoint named(UnaryOperator<String> name) {
        Map<String, HostTensor> renamed = new LinkedHashMap<>();
        state.forEach((key, tensor) -> renamed.put(name.apply(key), tensor));
        Path file = dir.resolve("foreign.pt");
        TorchFile.write(file, Map.of("state_dict", renamed));
        return Checkpoint.read(file);
    }
}
