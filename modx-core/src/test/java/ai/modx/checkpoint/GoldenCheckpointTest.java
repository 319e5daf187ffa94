package ai.modx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.modx.Golden;
import ai.modx.torch.ElementType;
import ai.modx.optim.AdamW;
import ai.modx.torch.HostTensor;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files written by Python, read here: every value must be exactly the one that Python had. */
class GoldenCheckpointTest {

    private static final int SAMPLES = 1024;

    @ParameterizedTest
    @ValueSource(strings = {"micro_vit", "micro_rn"})
    void theOriginalsCheckpointIsReadExactly(String model) {
        assumeInGolden(model + "_checkpoint_1_2.pt");
        Checkpoint checkpoint = Checkpoint.read(file(model + "_checkpoint_1_2.pt"));
        Map<String, HostTensor> expected = tensors(model + "_expected_digest.safetensors");
        JsonNode facts = Golden.json("checkpoints/checkpoints.json").get(model);

        assertThat(checkpoint.format()).isEqualTo(Format.TORCH);
        assertThat(checkpoint.epoch()).hasValue(facts.get("epoch").asLong());
        assertThat(checkpoint.globalStep()).hasValue(facts.get("global_step").asLong());
        checkpoint.model().forEach((name, tensor) -> assertDigest("model." + name, tensor, expected));
        AdamWState optimizer = checkpoint.optimizer().orElseThrow();
        JsonNode names = facts.get("parameters");
        for (int i = 0; i < names.size(); i++) {
            AdamW.Moments moments = optimizer.moments().get(i);
            assertDigest("exp_avg." + names.get(i).asText(), moments.expAvg().load(), expected);
            assertDigest("exp_avg_sq." + names.get(i).asText(), moments.expAvgSq().load(), expected);
            assertThat(moments.step()).isEqualTo(2);
        }
        assertThat(expected).hasSize(checkpoint.model().size() + 2 * names.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"micro_vit", "micro_rn"})
    void theOptimizersSettingsAreRead(String model) {
        assumeInGolden(model + "_checkpoint_1_2.pt");
        AdamWState optimizer = Checkpoint.read(file(model + "_checkpoint_1_2.pt")).optimizer().orElseThrow();
        JsonNode facts = Golden.json("checkpoints/checkpoints.json").get(model).get("optimizer");
        assertThat(optimizer.groups()).singleElement().satisfies(group -> {
            assertThat(group.lr()).isEqualTo(facts.get("lr").asDouble());
            assertThat(group.initialLr()).isEqualTo(facts.get("initial_lr").asDouble());
            assertThat(group.beta1()).isEqualTo(0.9);
            assertThat(group.beta2()).isEqualTo(0.999);
            assertThat(group.eps()).isEqualTo(facts.get("eps").asDouble());
            assertThat(group.weightDecay()).isEqualTo(facts.get("weight_decay").asDouble());
            assertThat(group.params()).hasSize(facts.get("params").asInt());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"micro_vit", "micro_rn"})
    void anOpenAiArchiveKeepsItsTypesAndItsDescriptionsStayOutOfTheModel(String model) {
        assumeInGolden(model + "_torchscript.pt");
        Checkpoint checkpoint = Checkpoint.read(file(model + "_torchscript.pt"));
        Map<String, HostTensor> expected = tensors(model + "_torchscript_expected_digest.safetensors");
        JsonNode facts = Golden.json("checkpoints/checkpoints.json").get(model);

        assertThat(checkpoint.format()).isEqualTo(Format.TORCHSCRIPT);
        checkpoint.model().forEach((name, tensor) -> {
            assertDigest(name, tensor, expected);
            assertThat(tensor.type().name().toLowerCase()).isEqualTo(facts.get("torchscript_dtypes").get(name).asText());
        });
        assertThat(expected).hasSize(checkpoint.model().size() + 3);
        facts.get("torchscript_extra").properties().forEach(extra ->
                assertThat(checkpoint.entries().get(extra.getKey()).asLong()).isEqualTo(extra.getValue().asLong()));
    }

    @Test
    void theLegacyFormatHoldsTheSameModel() {
        assumeInGolden("micro_vit_legacy.pt");
        Checkpoint legacy = Checkpoint.read(file("micro_vit_legacy.pt"));
        Checkpoint zip = Checkpoint.read(file("micro_vit_checkpoint_1_2.pt"));
        assertThat(legacy.format()).isEqualTo(Format.TORCH_LEGACY);
        assertThat(legacy.model().keySet()).containsExactlyElementsOf(zip.model().keySet());
        zip.model().forEach((name, tensor) -> assertSame(name, legacy.model().get(name), tensor));
    }

    @ParameterizedTest
    @ValueSource(strings = {"variety_zip.pt", "variety_legacy.pt", "variety_protocol4.pt"})
    void stridedSharedAndOddTensorsComeOutContiguous(String name) {
        Map<String, Tree> state = CheckpointFile.read(file(name)).root().get("state").asMap();
        Map<String, HostTensor> expected = tensors("variety_expected.safetensors");
        assertThat(state).hasSameSizeAs(expected);
        expected.forEach((key, tensor) -> {
            if (key.equals("bfloat16#as_f32")) {
                assertThat(state.get("bfloat16").asTensor().type()).isEqualTo(ElementType.BFLOAT16);
                assertSame(key, state.get("bfloat16").asTensor().toFloat32(), tensor);
            } else {
                assertSame(key, state.get(key).asTensor(), tensor);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"variety_zip.pt", "variety_legacy.pt", "variety_protocol4.pt"})
    void plainPythonValuesAreRead(String name) {
        Tree meta = CheckpointFile.read(file(name)).root().get("meta");
        assertThat(meta.get("name").asString()).isEqualTo("variety");
        assertThat(meta.get("ünï").asString()).isEqualTo("ключ");
        assertThat(meta.get("n").asLong()).isEqualTo(-5);
        assertThat(meta.get("big").kind()).isEqualTo("a number");
        assertThat(meta.get("f").asDouble()).isEqualTo(1.5, within(0.0));
        assertThat(meta.find("none")).isEmpty();
        assertThat(meta.get("yes").asBoolean()).isTrue();
        assertThat(meta.get("t").asList()).hasSize(2);
        assertThat(meta.get("e").asList()).isEmpty();
        assertThat(meta.get("l").asList().get(1).asList().get(0).asLong()).isEqualTo(2);
        assertThat(meta.get("b").kind()).isEqualTo("a value of another kind");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            broken_directory.pt            | the zip directory ends after
            broken_empty.pt                | the file is empty
            broken_missing_storage.pt      | the archive has no entry 'variety_zip/data/0'
            broken_pickle.pt               | the pickle
            broken_short_storage.pt        | storage '0' has 10 bytes, but 48 elements of FLOAT32 need 192
            broken_text.pt                 | it begins with 'this is not a ch'
            broken_truncated.pt            | the zip archive has no directory at its end; the file is cut off or damaged
            broken_truncated_legacy.pt     | lies outside the file
            broken_view_huge.pt            | has an impossible size
            broken_view_negative_offset.pt | offset -1 over storage '0' of 12 elements reaches outside of it
            broken_view_negative_stride.pt | has a negative stride
            broken_view_outside.pt         | reaches outside of it
            """)
    void aBrokenFileIsAnErrorThatNamesFileAndFault(String name, String fault) {
        assertThatThrownBy(() -> Checkpoint.read(file(name)))
                .isExactlyInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("Cannot read checkpoint " + file(name) + ": ")
                .hasMessageContaining(fault);
    }

    @ParameterizedTest
    @CsvSource({
        "evil_eval_zip.pt, __builtin__.eval",
        "evil_plain.pt, posix.system",
        "evil_subprocess_zip.pt, commands.check_call",
        "evil_system_legacy.pt, posix.system",
        "evil_system_zip.pt, posix.system"
    })
    void aPickleThatWantsToRunSomethingIsRefusedByName(String name, String function) {
        assertThatThrownBy(() -> Checkpoint.read(file(name)))
                .isExactlyInstanceOf(CheckpointException.class)
                .hasMessage("Cannot read checkpoint " + file(name) + ": its pickle asks for '" + function
                        + "', which no checkpoint needs; it may be malicious, and nothing of it was executed. If you trust the file,"
                        + " load it in Python and save its state dict alone");
        assertThat(Files.exists(Path.of("PWNED_BY_PICKLE"))).isFalse();
    }

    /** Large files and TorchScript archives lie only in the full golden folder, not among the test resources. */
    private static void assumeInGolden(String name) {
        assumeTrue(Golden.has("checkpoints/" + name), name + " is only in the full golden folder (-Dgolden=DIR)");
    }

    private static Path file(String name) {
        return Golden.path("checkpoints/" + name);
    }

    private static Map<String, HostTensor> tensors(String name) {
        return Checkpoint.read(file(name)).model();
    }

    private static void assertDigest(String name, HostTensor tensor, Map<String, HostTensor> digest) {
        if (digest.containsKey(name)) {
            assertSame(name, tensor, digest.get(name));
            return;
        }
        float[] all = tensor.toFloatArray();
        float[] samples = digest.get(name + "#sample").toFloatArray();
        for (int j = 0; j < SAMPLES; j++) {
            assertThat(all[(int) ((long) j * all.length / SAMPLES)]).as("%s, sample %d", name, j).isEqualTo(samples[j]);
        }
    }

    private static void assertSame(String name, HostTensor actual, HostTensor expected) {
        assertThat(actual.type()).as(name).isEqualTo(expected.type());
        assertThat(actual.shape()).as(name).isEqualTo(expected.shape());
        assertThat(actual.data().mismatch(expected.data())).as("%s: first differing byte", name).isEqualTo(-1);
    }
}
