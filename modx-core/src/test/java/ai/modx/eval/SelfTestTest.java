package ai.modx.eval;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.modx.model.Precision;
import ai.modx.torch.TensorFloat32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SelfTestTest {

    @ParameterizedTest
    @EnumSource(Precision.class)
    void theProcessorPassesAndIsLeftAsItWas(Precision precision) {
        try (NDManager loaded = NDManager.newBaseManager()) {
            assertThat(TensorFloat32.isAllowed()).isFalse();
            SelfTest.Outcome outcome = SelfTest.run(Device.cpu(), precision);
            assertThat(outcome.difference()).isLessThan(outcome.tolerance());
            assertThat(TensorFloat32.isAllowed()).as("what is tested next is not in TF32").isFalse();
        }
    }
}
