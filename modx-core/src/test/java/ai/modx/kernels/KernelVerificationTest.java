package ai.modx.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.Device;
import ai.modx.model.Computation;
import ai.modx.model.LinearLayers;
import ai.modx.model.ModelConfig;
import ai.modx.model.ModelTable;
import ai.modx.model.Precision;
import ai.modx.torch.TorchEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelVerificationTest {

    private static final KernelCheck.Program WRONG = new KernelCheck.Program(KernelVerificationTest.class, "wrong.py");
    private static final List<Device> CPU = List.of(Device.cpu());
    /** With linear layers of 32 to 128, and no convolution. */
    private static final ModelConfig VIT = new ModelConfig(16, 32, List.of(2), 64, 8, 16, 100, 32, 1, 2);
    /** With convolutions of 8 to 16 channels. */
    private static final ModelConfig RESNET = new ModelConfig(16, 32, List.of(1, 1, 1, 1), 16, 0, 16, 100, 32, 1, 1);

    private final Computation oneDnn = Computation.in(Precision.FP32).with(LinearLayers.ONEDNN);

    @TempDir
    private Path folder;

    private boolean used;

    @BeforeEach
    void remember() {
        used = TorchEngine.start().oneDnn().isUsed();
    }

    @AfterEach
    void putBack() {
        TorchEngine.start().oneDnn().use(used);
        TorchEngine.start().oneDnn().useForLinear(true);
    }

    @Test
    void whatIsRightIsTakenAndTriedOnce() throws IOException {
        assertThat(verification(KernelCheck.Program.OF_MODELS).verified(VIT, oneDnn, CPU, 4, 4))
                .isEqualTo(used ? oneDnn : oneDnn.with(LinearLayers.TORCH));
        Path file = remembered();
        assertThat(file)
                .content()
                .startsWith(used + " " + used + "\n\n")
                .contains("processor " + TorchEngine.start().processor(), "linear 32 32 128 BIAS");
        assertThat(verification(WRONG).verified(VIT, oneDnn, CPU, 4, 4))
                .as("not tried again")
                .isEqualTo(used ? oneDnn : oneDnn.with(LinearLayers.TORCH));
        verification(KernelCheck.Program.OF_MODELS).verified(VIT, oneDnn, CPU, 5, 5);
        assertThat(folder).as("other sizes are tried").isDirectoryContaining(other -> !other.equals(file));
    }

    @Test
    void aWrongKernelIsAvoided() throws IOException {
        assumeThat(used).isTrue();
        assertThat(verification(WRONG).verified(VIT, oneDnn, CPU, 4, 4)).isEqualTo(oneDnn.with(LinearLayers.TORCH));
        assertThat(remembered())
                .content()
                .startsWith("false true\nwrong on this processor is linear layer of 32 rows, 32 -> 128 is off by ");
        assertThat(TorchEngine.start().oneDnn().isUsed()).isTrue();
        assertThat(TorchEngine.start().oneDnn().isUsedForLinear())
                .as("for ranking neither")
                .isFalse();
    }

    @Test
    void whatCannotBeAvoidedStopsTheRunAndIsNamed() {
        assertThatThrownBy(() -> verification(WRONG).verified(RESNET, oneDnn, CPU, 2, 2))
                .isInstanceOf(WrongKernelException.class)
                .hasMessageStartingWith("libtorch " + TorchEngine.start().version()
                        + " computes wrong numbers in fp32 on this processor, "
                        + TorchEngine.start().processor()
                        + ": convolution 3 x 3 of 2 images of 16 x 16, 8 -> 16 channels is off by ")
                .hasMessageContainingAll("of its size, with ", "with no oneDNN. Use another --precision or machine");
    }

    /** The double is not used there: the file alone decides that the kernels are tried in a child process. */
    @Test
    void afterAProcessThatEndedMeanwhileKernelsAreTriedInAnother() throws IOException {
        verification(KernelCheck.Program.OF_MODELS).verified(VIT, oneDnn, CPU, 4, 4);
        Path file = remembered();
        Files.writeString(file, "trying 999999999\n" + Files.readString(file)); // no system has so many
        assertThat(verification(WRONG).verified(VIT, oneDnn, CPU, 4, 4))
                .isEqualTo(used ? oneDnn : oneDnn.with(LinearLayers.TORCH));
        assertThat(remembered()).content().startsWith(used + " " + used + "\n");
    }

    @Test
    void whileALivingProcessTriesAnotherTriesForItself() throws IOException {
        verification(KernelCheck.Program.OF_MODELS).verified(VIT, oneDnn, CPU, 4, 4);
        Path file = remembered();
        Files.writeString(file, "trying " + ProcessHandle.current().pid() + "\n");
        assumeThat(used).isTrue();
        assertThat(verification(WRONG).verified(VIT, oneDnn, CPU, 4, 4))
                .as("here, with the double")
                .isEqualTo(oneDnn.with(LinearLayers.TORCH));
    }

    @Test
    void aFolderThatCannotBeWrittenOnlyMeansThatItIsTriedAgain() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        new KernelVerification(file.resolve("folder"), KernelCheck.Program.OF_MODELS).verified(VIT, oneDnn, CPU, 4, 4);
        assertThat(file).isEmptyFile();
    }

    @Test
    void bigBatchesAreTriedInPart() {
        ModelConfig vit = ModelTable.bundled().get("ViTB32");
        List<Kernel> all = KernelVerification.affordable(vit, oneDnn, 4096, 4096);
        assertThat(3 * all.stream().mapToDouble(Kernel::operations).sum()).isBetween(4e10, 1e11);
        assertThat(KernelVerification.affordable(vit, oneDnn, 2, 2))
                .contains(
                        Kernel.parse("linear 100 768 3072 BIAS"),
                        Kernel.parse("linear 16 512 2048 BIAS"),
                        Kernel.parse("linear 154 512 2048 BIAS"),
                        Kernel.parse("linear 2 768 512 TRANSPOSED"));
        assertThat(KernelVerification.affordable(vit, oneDnn, 2, 0))
                .isNotEmpty()
                .noneMatch(kernel -> kernel instanceof Kernel.Attention it && it.causal());
    }

    private KernelVerification verification(KernelCheck.Program program) {
        return new KernelVerification(folder, program);
    }

    private Path remembered() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findFirst().orElseThrow();
        }
    }
}
