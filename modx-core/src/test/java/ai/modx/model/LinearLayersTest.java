package ai.modx.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.torch.Processor;
import org.junit.jupiter.api.Test;

class LinearLayersTest {

    @Test
    void onlyFloat32OnTheCpuIsConvolved() {
        assertThat(LinearLayers.ONEDNN.convolved(false, Precision.FP32)).isTrue();
        assertThat(LinearLayers.ONEDNN.convolved(false, Precision.BF16)).isFalse();
        assertThat(LinearLayers.ONEDNN.convolved(true, Precision.FP32)).isFalse();
        assertThat(LinearLayers.TORCH.convolved(false, Precision.FP32)).isFalse();
    }

    @Test
    void theKindOfProcessorDecidesUnlessToldOtherwise() {
        assertThat(LinearLayers.AUTO.convolved(false, Precision.FP32)).isEqualTo(Processor.current().prefersOneDnn());
    }
}
