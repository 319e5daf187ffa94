package ai.modx.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.util.List;
import org.junit.jupiter.api.Test;

class PinnedMemoryTest {

    /** On a GPU the same lines give pinned memory. */
    @Test
    void whereThereIsNoneOrdinaryMemoryServes() {
        try (PinnedMemory memory = new PinnedMemory(); HostMemory.Block block = memory.allocate(1000)) {
            assertThat(block.buffer().isDirect()).isTrue();
            assertThat(block.buffer().put(999, (byte) 7).get(999)).isEqualTo((byte) 7);
            assertThat(block.buffer().capacity()).isGreaterThanOrEqualTo(1000);
        }
    }

    @Test
    void devicesDecideWhatIsTaken() {
        assertThat(HostMemory.forDevices(List.of(Device.cpu()))).isSameAs(HostMemory.ORDINARY);
    }
}
