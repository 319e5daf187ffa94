package ai.modx.torch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorTest {

    @ParameterizedTest(name = "{0} with {1}: {2}")
    @CsvSource({"AuthenticAMD, fpu avx2 avx512f, true", "AuthenticAMD, fpu avx2, false", "GenuineIntel, fpu avx2 avx512f, false"})
    void oneDnnIsPreferredOnAmdProcessorsWithAvx512(String vendor, String flags, boolean preferred) {
        Processor processor = Processor.parse("processor\t: 0\nvendor_id\t: " + vendor + "\nflags\t\t: " + flags + "\nbugs\t\t: none\n\nprocessor\t: 1\nvendor_id\t: other\n");
        assertThat(processor.vendor()).isEqualTo(vendor);
        assertThat(processor.has("fpu")).isTrue();
        assertThat(processor.has("avx")).isFalse();
        assertThat(processor.prefersOneDnn()).isEqualTo(preferred);
    }

    @Test
    void isNamedWithWhatTellsModelsOfOneNameApart() {
        Processor processor = Processor.parse("vendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 207\nmodel name\t: Intel(R) Xeon(R) Processor\nstepping\t: 2\n"
                + "flags\t\t: fpu avx2 avx512f avx512_bf16 amx_bf16\n");
        assertThat(processor).hasToString("Intel(R) Xeon(R) Processor (family 6, model 207, stepping 2)");
        assertThat(processor.vectorSets()).containsExactly("avx2", "avx512f", "avx512_bf16", "amx_bf16");
        assertThat(processor.multipliesBfloat16()).isTrue();
        assertThat(Processor.parse("vendor_id : AuthenticAMD\nflags : avx2\n").multipliesBfloat16()).isFalse();
    }

    @Test
    void nothingIsKnownOfAProcessorThatIsNotDescribed() {
        assertThat(Processor.parse("").prefersOneDnn()).isFalse();
        assertThat(Processor.parse("").flags()).isEmpty();
    }
}
