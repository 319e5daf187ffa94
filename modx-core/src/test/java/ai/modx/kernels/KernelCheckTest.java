package ai.modx.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.kernels.Kernel.Attention;
import ai.modx.kernels.Kernel.BatchedProduct;
import ai.modx.kernels.Kernel.Convolution;
import ai.modx.kernels.Kernel.Linear;
import ai.modx.kernels.Kernel.Linear.Form;
import ai.modx.model.Precision;
import ai.modx.torch.OneDnn;
import ai.modx.torch.TorchEngine;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelCheckTest {

    private static final KernelCheck.Program WRONG = new KernelCheck.Program(KernelCheckTest.class, "wrong.py");

    private static final List<Kernel> KERNELS = List.of(
            new Linear(50, 96, 160, Form.BIAS),
            new Linear(1, 512, 64, Form.TRANSPOSED),
            new Linear(60, 48, 64, Form.NO_BIAS),
            new Convolution(2, 28, 16, 64, 1, 1),
            new Convolution(2, 15, 16, 24, 3, 1),
            new Convolution(3, 16, 3, 32, 3, 2),
            new Convolution(1, 9, 8, 8, 1, 2),
            new BatchedProduct(4, 5, 64, 96),
            new Attention(3, 21, 4, 64, false),
            new Attention(2, 33, 2, 128, true));

    @ParameterizedTest
    @CsvSource({"FP32, false", "FP32, true", "BF16, false"})
    void rightKernelsDifferByRoundingAlone(Precision precision, boolean convolveLinear) {
        try (KernelCheck check = new KernelCheck(precision, convolveLinear, KernelCheck.Program.OF_MODELS)) {
            for (Kernel kernel : KERNELS) {
                assertThat(check.error(kernel))
                        .as("%s", kernel)
                        .isBetween(
                                0.0,
                                new KernelTrial(precision, new Route(convolveLinear, true), KERNELS).tolerance() / 2);
            }
        }
    }

    @Test
    void kernelsAreRightWithoutOneDnnToo() {
        OneDnn oneDnn = TorchEngine.start().oneDnn();
        boolean used = oneDnn.isUsed();
        oneDnn.use(false);
        try (KernelCheck check = new KernelCheck(Precision.FP32, false, KernelCheck.Program.OF_MODELS)) {
            assertThat(KERNELS)
                    .allSatisfy(kernel -> assertThat(check.error(kernel)).isLessThan(1e-5));
        } finally {
            oneDnn.use(used);
        }
    }

    @Test
    void aKernelThatLeavesOutOneChannelIsFound() {
        try (KernelCheck wrong = new KernelCheck(Precision.FP32, true, WRONG)) {
            assertThat(wrong.error(new Linear(50, 32, 128, Form.BIAS)))
                    .as("result")
                    .isGreaterThan(0.1);
            assertThat(wrong.error(new Linear(50, 128, 32, Form.BIAS))).isLessThan(1e-5);
            assertThat(wrong.error(new Convolution(2, 9, 8, 16, 3, 1)))
                    .as("gradient")
                    .isGreaterThan(0.1);
            assertThat(wrong.error(new Convolution(2, 9, 16, 8, 3, 1))).isLessThan(1e-5);
            assertThat(wrong.error(new Attention(2, 33, 2, 128, true))).isLessThan(1e-5);
        }
    }

    /** libtorch's own kernels add up in bfloat16, and more of it with more images. */
    @Test
    void bfloat16WithoutOneDnnIsNoFalseAlarm() {
        OneDnn oneDnn = TorchEngine.start().oneDnn();
        boolean used = oneDnn.isUsed();
        oneDnn.use(false);
        Kernel stem = new Convolution(128, 32, 3, 8, 3, 2);
        try (KernelCheck check = new KernelCheck(Precision.BF16, false, KernelCheck.Program.OF_MODELS)) {
            assertThat(check.error(stem))
                    .isLessThan(
                            new KernelTrial(Precision.BF16, new Route(false, false), List.of(stem)).tolerance() / 2);
        } finally {
            oneDnn.use(used);
        }
    }

    @Test
    void layersMayBeWiderThanAnyKnownOne() {
        try (KernelCheck check = new KernelCheck(Precision.FP32, false, KernelCheck.Program.OF_MODELS)) {
            assertThat(check.error(new Linear(1, 3 * 224 * 224, 16, Form.NO_BIAS)))
                    .isLessThan(1e-4);
        }
    }

    @Test
    void whatIsNotANumberIsWrong() {
        assertThat(new Finding(KERNELS.get(0), OptionalDouble.of(Double.NaN)).isWrong(1))
                .isTrue();
        assertThat(new Finding(KERNELS.get(0), OptionalDouble.of(0.9)).isWrong(1))
                .isFalse();
        assertThat(new Finding(KERNELS.get(0), OptionalDouble.empty()).isWrong(1))
                .isTrue();
    }

    @Test
    void kernelsAreWrittenDownAndReadAgain() {
        assertThat(KERNELS)
                .allSatisfy(kernel -> assertThat(Kernel.parse(kernel.code())).isEqualTo(kernel));
        assertThat(KERNELS.get(3)).hasToString("convolution 1 x 1 of 2 images of 28 x 28, 16 -> 64 channels");
    }
}
