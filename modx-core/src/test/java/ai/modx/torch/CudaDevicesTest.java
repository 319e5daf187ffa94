package ai.modx.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.pytorch.jni.JniUtils;
import org.junit.jupiter.api.Test;

class CudaDevicesTest {

    private static final int NONE = 99;

    @Test
    void libtorchIsAskedHowManyThereAre() {
        assertThat(CudaDevices.count() > 0).isEqualTo(JniUtils.getFeatures().contains("CUDA"));
    }

    @Test
    void aDeviceThatIsNotThereHasNoMemoryAndNoName() {
        assertThat(CudaDevices.memoryInUse(NONE)).isEmpty();
        assertThatThrownBy(() -> CudaDevices.describe(NONE)).isInstanceOf(IllegalStateException.class).hasMessageContaining("NVIDIA's driver");
    }
}
