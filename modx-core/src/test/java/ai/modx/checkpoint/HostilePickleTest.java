package ai.modx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import ai.modx.torch.ScriptObject;
import ai.modx.torch.Tuple;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles made to exhaust memory or stack, or to get something executed. */
class HostilePickleTest {

    @Test
    void aMillionNestedListsNeedNoStack() {
        byte[] nested = new byte[2_000_000];
        Arrays.fill(nested, 0, 1_000_000, (byte) ']');
        Arrays.fill(nested, 1_000_000, 1_999_999, (byte) 'a');
        nested[1_999_999] = '.';
        assertThat(read(nested)).isInstanceOf(List.class);
    }

    @Test
    void morePicklingStepsThanAnyCheckpointHasAreRefused() {
        byte[] steps = new byte[2_000_001];
        Arrays.fill(steps, (byte) ')');
        assertRefused(steps, "the pickle has more than 2000000 operations, far more than a checkpoint needs");
    }

    @Test
    void aClaimedLengthIsComparedWithWhatIsThereBeforeAnythingIsAllocated() {
        assertRefused(bytes("X", new byte[] {-1, -1, -1, -1}), "the pickle has a value of 4294967295 bytes, but only 0 are left");
        assertRefused(bytes("B", new byte[] {0, 0, 0, 127}), "has a value of 2130706432 bytes");
        assertRefused(bytes("\u008e", new byte[] {-1, -1, -1, -1, -1, -1, -1, 127}), "has a value of 9223372036854775807 bytes");
        assertRefused(bytes("\u008b", new byte[] {-1, -1, -1, -1}), "has a value of -1 bytes");
        assertRefused(bytes("\u008b", new byte[] {0, 0, 0, 1}), "has an integer of 16777216 bytes");
        assertRefused(bytes("\u0095", new byte[] {0, 0, 0, 0, 1, 0, 0, 0}), "has a value of 4294967296 bytes");
    }

    /** Each of these is some kilobytes that would take gigabytes, or hours. */
    @Test
    void copiesOfWhatWasGivenOnceAreCounted() {
        String list = "](" + "N".repeat(3000) + "eq\1";
        String pairs = "](" + "](X\1\0\0\0aNe".repeat(3000) + "eq\1";
        String dict = "}(" + IntStream.range(1000, 4000).mapToObj(i -> "X\4\0\0\0" + i + "N").collect(Collectors.joining()) + "uq\1";
        String text = "X\0\20\0\0" + "a".repeat(4096) + "q\1";
        String tooMuch = "has more than 2000000 operations";
        assertRefused(bytes(list + "ctorch\ndevice\nq\2" + "h\2h\1\u0085R".repeat(1000)), tooMuch);
        assertRefused(bytes(pairs + "ccollections\nOrderedDict\nq\2" + "h\2h\1\u0085R".repeat(1000)), tooMuch);
        assertRefused(bytes(dict + "c__torch__\nM\nq\2" + "h\2)\u0081h\1b".repeat(1000)), tooMuch);
        assertRefused(bytes(text + "c_codecs\nencode\nq\2" + "h\2h\1\u0085R".repeat(1000)), tooMuch);
    }

    @Test
    void aModuleThatIsInAnotherVeryOftenIsRefused() {
        Map<String, Object> weights = new LinkedHashMap<>();
        IntStream.range(0, 1000).forEach(i -> weights.put("w" + i, HostTensor.of(new float[0], 0)));
        ScriptObject inner = new ScriptObject("__torch__.K", weights);
        Map<String, Object> modules = new LinkedHashMap<>();
        IntStream.range(0, 1000).forEach(i -> modules.put("m" + i, inner));
        assertThatThrownBy(() -> ScriptModuleState.of(new ScriptObject("__torch__.K", modules)))
                .isInstanceOf(FormatException.class).hasMessage("its modules are nested too deeply or too many");
        ScriptObject longName = new ScriptObject("__torch__.K", Map.of("w".repeat(2000), HostTensor.of(new float[0], 0)));
        assertThatThrownBy(() -> ScriptModuleState.of(longName)).isInstanceOf(FormatException.class).hasMessage("it has names of more than 1000 characters");
    }

    @Test
    void parametersThatAreInSeveralGroupsOrHaveNoNumberAreRefused() {
        assertThatThrownBy(() -> AdamWState.of(optimizer(List.of(0L, 1L), 2))).isInstanceOf(CheckpointException.class)
                .hasMessage("Checkpoint f.pt has a number at 'param_groups[1].params[0]' where a parameter that is in no other group is expected");
        assertThatThrownBy(() -> SgdState.of(optimizer(List.of(0L), 2))).isInstanceOf(CheckpointException.class)
                .hasMessage("Checkpoint f.pt has a number at 'param_groups[1].params[0]' where a parameter that is in no other group is expected");
        assertThatThrownBy(() -> AdamWState.of(optimizer(List.of(1L << 40), 1))).isInstanceOf(CheckpointException.class)
                .hasMessage("Checkpoint f.pt has a number at 'param_groups[0].params[0]' where a whole number below 2^31 is expected");
    }

    private static Tree optimizer(List<Long> params, int groups) {
        Map<String, Object> group = Map.of("lr", 0.1, "betas", Tuple.of(0.9, 0.98), "eps", 1e-6, "weight_decay", 0.2, "momentum", 0.9, "params", params);
        Map<String, Object> moment = Map.of("momentum_buffer", HostTensor.of(new float[1], 1));
        return new Tree(Path.of("f.pt"), "", Map.of("state", Map.of("0", moment), "param_groups", Collections.nCopies(groups, group)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cos\nsystem\n.", "c__builtin__\neval\n.", "cbuiltins\ngetattr\n.", "ctorch.hub\nload\n.",
        "ctorch\nload\n.", "cnumpy\ndtype\n.", "c__torch__x\nK\n.", "ctorch._utils\n_rebuild_anything\n."})
    void everyUnknownNameIsRefused(String pickle) {
        String name = pickle.substring(1, pickle.length() - 2).replace('\n', '.');
        assertRefused(bytes(pickle), "its pickle asks for '" + name + "', which no checkpoint needs");
    }

    @Test
    void nothingButAnAllowedNameCanBeCalled() {
        assertRefused(bytes("X\2\0\0\0os)R."), "its pickle calls something that is not a function");
        assertRefused(bytes("ctorch\nfloat32\n)R."), "its pickle calls something that is not a function");
        assertRefused(bytes("ctorch\nSize\nNR."), "calls something without arguments");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.", "s.", "t.", "u.", ".", "\u0086.", "h\7.", "NNs.", "]NNs.", "}Na.", "(((.", "}(Nu.", "}]Ns.",
        "}X\1\0\0\0aNX\1\0\0\0aN", "Q.", "(tQ.", "i", "\u0080\5.", "c\n", "cno newline", "G\0", "\u0093.", "NN\u0093.", "q\1."})
    void nonsenseIsRefused(String pickle) {
        assertThatThrownBy(() -> read(bytes(pickle))).isInstanceOf(FormatException.class);
    }

    @Test
    void aDictCannotHaveOneKeyTwice() {
        assertRefused(bytes("}(X\1\0\0\0aNX\1\0\0\0aNu."), "has the dict key 'a' twice");
    }

    @Test
    void anExpandedViewCannotClaimMoreThanTheFileJustifies() {
        StorageViews views = new StorageViews(storage -> ByteBuffer.allocate(4), 100);
        StorageRef storage = new StorageRef(ElementType.FLOAT32, "0", 1);
        views.found(storage);
        assertThat(views.view(storage, 0, new long[] {8}, new long[] {0}).numel()).isEqualTo(8);
        assertThatThrownBy(() -> views.view(storage, 0, new long[] {1 << 20}, new long[] {0}))
                .isInstanceOf(FormatException.class).hasMessageEndingWith("is far larger than what the file holds");
        assertThatThrownBy(() -> {
            for (int i = 0; i < 100; i++) {
                views.view(storage, 0, new long[] {1 << 16}, new long[] {0});
            }
        }).isInstanceOf(FormatException.class);
    }

    private static void assertRefused(byte[] pickle, String message) {
        assertThatThrownBy(() -> read(pickle)).isInstanceOf(FormatException.class).hasMessageContaining(message);
    }

    private static Object read(byte[] pickle) {
        TensorStore none = new TensorStore() {
            @Override
            public void found(StorageRef storage) {}

            @Override
            public HostTensor view(StorageRef storage, long offset, long[] shape, long[] strides) {
                return HostTensor.of(new float[0], 0);
            }
        };
        return new PickleReader(ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN), new TorchNames(none)).read();
    }

    /** Characters up to 0xff stand for themselves. */
    private static byte[] bytes(String latin, byte... more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(latin.getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(more);
        return out.toByteArray();
    }
}
