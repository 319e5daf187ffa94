package ai.modx.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.djl.Device;
import ai.modx.config.ConfigException;
import ai.modx.model.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceListTest {

    private static final String EXPECTED = "expected auto, cpu (once for each replica) or numbers of CUDA devices, such as 0,1";

    @Test
    void takesAllVisibleGpusOrElseTheCpu() {
        assertThat(DeviceList.parse("auto").resolve(2, Optional.empty())).containsExactly(Device.gpu(0), Device.gpu(1));
        assertThat(DeviceList.parse("auto").resolve(0, Optional.of(""))).containsExactly(Device.cpu());
    }

    @Test
    void takesAsManyReplicasOfTheCpuAsItIsNamed() {
        assertThat(DeviceList.parse("cpu").resolve()).containsExactly(Device.cpu());
        assertThat(DeviceList.parse("cpu, cpu").resolve(4, Optional.empty())).containsExactly(Device.cpu(), Device.cpu());
    }

    @Test
    void tf32IsForCuda() {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> DeviceList.parse("cpu").resolve(Precision.TF32))
                .withMessage("--precision tf32 is arithmetic of CUDA devices, but --devices cpu means the CPU. Use fp32 or bf16");
        assertThat(DeviceList.parse("cpu").resolve(Precision.BF16)).containsExactly(Device.cpu());
    }

    @Test
    void countsTheDevicesOfTheOperatingSystem(@TempDir Path dev) throws IOException {
        for (String name : new String[] {"nvidia0", "nvidia1", "nvidiactl", "nvidia-uvm"}) {
            Files.createFile(dev.resolve(name));
        }
        assertThat(NvidiaDevices.count(dev)).isEqualTo(2);
        assertThat(NvidiaDevices.count(dev.resolve("none"))).isZero();
    }

    @Test
    void takesGpusInTheOrderGiven() {
        assertThat(DeviceList.parse("2,cuda:0").resolve(3, Optional.empty())).containsExactly(Device.gpu(2), Device.gpu(0));
    }

    @Test
    void refusesWhatIsNoListOfDevices() {
        for (String text : new String[] {"", "gpu", "0,", "-1", "0;1", "CPU", "cpu,tpu"}) {
            assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> DeviceList.parse(text))
                    .withMessage("--devices " + text + ": " + EXPECTED);
        }
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> DeviceList.parse("cpu,0"))
                .withMessage("--devices cpu,0: cpu and CUDA devices cannot be mixed");
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> DeviceList.parse("1,cuda:1"))
                .withMessage("--devices 1,cuda:1: CUDA device 1 is named twice");
    }

    @Test
    void refusesDevicesThatTheMachineLacks() {
        missing("0,1,2", 2, Optional.empty(), "this machine has CUDA devices 0 and 1");
        missing("3", 3, Optional.of("1,2,5"), "this machine has CUDA devices 0, 1 and 2 (CUDA_VISIBLE_DEVICES=1,2,5)");
        missing("1", 1, Optional.empty(), "this machine has CUDA device 0 only");
        missing("0", 0, Optional.empty(), "this machine has no CUDA device. Use --devices cpu; scripts/modx doctor says why no GPU is found");
    }

    private static void missing(String text, int visibleGpus, Optional<String> visible, String message) {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> DeviceList.parse(text).resolve(visibleGpus, visible))
                .withMessage("--devices " + text + ": " + message);
    }
}
