package ai.modx.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;

class TensorFloat32Test {

    @Test
    void reachesTheSwitchInLibtorch() {
        try (NDManager loaded = TorchEngine.manager(Device.cpu())) {
            boolean before = TensorFloat32.isAllowed();
            TensorFloat32.allow(!before);
            assertThat(TensorFloat32.isAllowed()).isEqualTo(!before);
            TensorFloat32.allow(before);
            assertThat(TensorFloat32.isAllowed()).isEqualTo(before);
        }
    }

    @Test
    void isOffForWorkThatNeedsAllDigits() {
        try (NDManager loaded = TorchEngine.manager(Device.cpu())) {
            boolean before = TensorFloat32.isAllowed();
            TensorFloat32.allow(true);
            try {
                assertThat(TensorFloat32.<Boolean>without(Device.gpu(), TensorFloat32::isAllowed)).isFalse();
                assertThat(TensorFloat32.isAllowed()).isTrue();
            } finally {
                TensorFloat32.allow(before);
            }
        }
    }
}
