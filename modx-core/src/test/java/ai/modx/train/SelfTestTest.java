package ai.modx.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.modx.model.Precision;
import ai.modx.torch.TensorFloat32;
import ai.modx.torch.TorchEngine;
import java.util.Collections;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class SelfTestTest {

    @ParameterizedTest(name = "{0}, {1} devices")
    @CsvSource({"FP32, 1", "FP32, 2", "TF32, 1", "BF16, 1", "BF16, 2"})
    void theProcessorPassesAndIsLeftAsItWas(Precision precision, int devices) {
        try (NDManager loaded = TorchEngine.manager(Device.cpu())) {
            assertThat(TensorFloat32.isAllowed()).isFalse();
            SelfTest.Outcome outcome = new SelfTest().run(Collections.nCopies(devices, Device.cpu()), precision);
            assertThat(outcome.passed()).as("%s", outcome).isTrue();
            assertThat(TensorFloat32.isAllowed()).as("what is tested next is not in TF32").isFalse();
        }
    }

    @Test
    void eitherDifferenceCounts() {
        assertThat(new SelfTest.Outcome(0.5, 0.5, 0.5).passed()).isTrue();
        assertThat(new SelfTest.Outcome(0.6, 0.5, 0.5).passed()).isFalse();
        assertThat(new SelfTest.Outcome(0.5, 0.6, 0.5).passed()).isFalse();
    }
}
