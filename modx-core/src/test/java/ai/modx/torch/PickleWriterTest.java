package ai.modx.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PickleWriterTest {

    @Test
    void numbersTakeTheShortestFormThatTorchKnows() {
        assertThat(pickled(255)).isEqualTo("\u0080\2K\u00ff.");
        assertThat(pickled(256)).isEqualTo("\u0080\2M\0\1.");
        assertThat(pickled(-1)).isEqualTo("\u0080\2J\u00ff\u00ff\u00ff\u00ff.");
        assertThat(pickled(1L << 32)).isEqualTo("\u0080\2\u008a\10\0\0\0\0\1\0\0\0.");
        assertThat(pickled(1.5)).isEqualTo("\u0080\2G\u003f\u00f8\0\0\0\0\0\0.");
    }

    @Test
    void containersAreWrittenAsPythonWritesThem() {
        assertThat(pickled(null)).isEqualTo("\u0080\2N.");
        assertThat(pickled(List.of(true, false))).isEqualTo("\u0080\2](\u0088\u0089e.");
        assertThat(pickled(Tuple.of(1, 2))).isEqualTo("\u0080\2K\1K\2\u0086.");
        assertThat(pickled(Map.of())).isEqualTo("\u0080\2}.");
        assertThat(pickled(new OrderedDict(Map.of()))).isEqualTo("\u0080\2ccollections\nOrderedDict\nq\0)R.");
        assertThat(pickled(new ScriptObject("__torch__.K", Map.of("n", 1)))).isEqualTo("\u0080\2c__torch__\nK\nq\0)\u0081}(X\1\0\0\0nq\1K\1ub.");
    }

    @Test
    void aTextIsWrittenOnce() {
        assertThat(pickled(List.of("a", "a"))).isEqualTo("\u0080\2](X\1\0\0\0aq\0h\0e.");
    }

    @Test
    void aTensorThatOccursTwiceHasOneStorage() {
        HostTensor shared = HostTensor.of(new float[] {1}, 1);
        assertThat(new PickleWriter(List.of(shared, shared, HostTensor.of(new float[] {1}, 1))).tensors()).hasSize(2);
    }

    @Test
    void anUnknownTypeIsRefusedByName() {
        assertThatThrownBy(() -> new PickleWriter(List.of(new StringBuilder())))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("Cannot pickle a java.lang.StringBuilder");
    }

    private static String pickled(Object tree) {
        return new String(new PickleWriter(tree).bytes(), StandardCharsets.ISO_8859_1);
    }
}
