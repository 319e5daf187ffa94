package ai.modx.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.modx.model.Precision;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class KernelTrialTest {

    private static final Route ROUTE = new Route(false, true);
    private static final List<Kernel> KERNELS =
            List.of(new Kernel.Linear(4, 8, 8, Kernel.Linear.Form.BIAS), new Kernel.Convolution(1, 4, 4, 8, 1, 1));

    @Test
    void anotherProcessFindsRightKernelsRight() {
        assertThat(new KernelTrial(Precision.FP32, ROUTE, KERNELS).inChildProcess())
                .isEmpty();
    }

    @Test
    void aKernelThatEndsItsProcessIsFound() {
        assertThat(new KernelTrial(Precision.FP32, ROUTE, KERNELS).inChildProcess(Crash.class))
                .containsExactly(new Finding(KERNELS.get(1), OptionalDouble.empty()));
        assertThat(new Finding(KERNELS.get(1), OptionalDouble.empty()))
                .hasToString("convolution 1 x 1 of 1 images of 4 x 4, 4 -> 8 channels ends the process");
    }

    @Test
    void aWrongKernelOfAnotherProcessIsFound() {
        assertThat(new KernelTrial(Precision.FP32, ROUTE, KERNELS).inChildProcess(Wrong.class))
                .containsExactly(new Finding(KERNELS.get(0), OptionalDouble.of(0.25)));
    }

    @Test
    void aProcessThatDoesNotBeginFoundNothing() {
        assertThatThrownBy(() -> new KernelTrial(Precision.FP32, ROUTE, KERNELS).inChildProcess(KernelTrialTest.class))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("Products cannot be tried in a process of their own: the process ended with code 1");
        assertThatThrownBy(() -> new KernelTrial(Precision.FP32, ROUTE, KERNELS).inChildProcess(Killed.class))
                .as("as by Ctrl-C: no finding")
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageEndingWith("the process ended with code 130");
    }

    /** A process that its second kernel ends. */
    static final class Crash {
        public static void main(String... files) throws Exception {
            Files.writeString(Path.of(files[1]), "1e-7\n");
            new Pointer(0).setInt(0, 1);
        }
    }

    /** A process that somebody ends. */
    static final class Killed {
        public static void main(String... files) throws IOException {
            Files.writeString(Path.of(files[1]), "1e-7\n");
            Runtime.getRuntime().halt(130);
        }
    }

    /** What a process leaves whose first kernel is wrong. */
    static final class Wrong {
        public static void main(String... files) throws IOException {
            Files.writeString(Path.of(files[1]), "0.25\n1e-7\n");
        }
    }
}
