package ai.modx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.modx.Golden;
import ai.modx.torch.HostTensor;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class CheckpointFitTest {

    @TempDir
    Path folder;

    @Test
    void allDifferencesAreListedByKindWithTheFirstOfEach() {
        Path file = folder.resolve("x.pt");
        TorchFile.write(file, Map.of("b", HostTensor.of(new float[2], 2), "c", HostTensor.of(new float[6], 2, 3)));
        Map<String, long[]> expected = new LinkedHashMap<>();
        expected.put("a", new long[] {1});
        expected.put("a2", new long[] {1});
        expected.put("a3", new long[] {1});
        expected.put("c", new long[] {3, 2});
        assertThatThrownBy(() -> Checkpoint.read(file).fit(expected, "RN50"))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(file + " does not fit RN50: missing a (and 2 more); unexpected b; shape of c is [2, 3], expected [3, 2]");
    }

    @Test
    void anotherClipIsDescribed() {
        Checkpoint checkpoint = micro();
        assertThatThrownBy(() -> checkpoint.fit(Map.of("logit_scale", new long[0]), "RN50"))
                .hasMessageContaining("; the checkpoint holds a ViT, width 64, 1 layer, patch 8, image 16; transformer, width 64,"
                        + " 1 layer, context 8, vocabulary 48; embedding 16");
    }

    @Test
    void theSameShapesFitAndOpenAiDescriptionsAreIgnored() {
        Path file = folder.resolve("openai.pt");
        TorchFile.write(file, Map.of("w", HostTensor.of(new float[1], 1), "context_length", HostTensor.of(new float[] {77})));
        assertThatCode(() -> Checkpoint.read(file).fit(Map.of("w", new long[] {1}), "any")).doesNotThrowAnyException();
    }

    @Test
    void weightsOfOpenClipsTrainingMayBeOfAnotherActivation() {
        assertThat(warnings("2025_01_01-model_ViT-B-32-lr_1e-3")).singleElement().asString().contains("x.pt looks like a checkpoint of open_clip's training");
        assertThat(warnings("2025_01_01-model_ViT-B-32-quickgelu-lr_1e-3")).isEmpty();
    }

    private List<ILoggingEvent> warnings(String name) {
        Path file = folder.resolve("x.pt");
        TorchFile.write(file, Map.of("epoch", 3L, "name", name, "state_dict", Map.of("w", HostTensor.of(new float[1], 1))));
        Logger log = (Logger) LoggerFactory.getLogger(StatedConfig.class);
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        log.addAppender(said);
        StatedConfig.warnOfTraining(file, Checkpoint.read(file).entries());
        log.detachAppender(said);
        return said.list;
    }

    @Test
    void momentsOfAnotherShapeAreNamed() {
        Checkpoint checkpoint = micro();
        Map<String, long[]> parameters = new LinkedHashMap<>();
        checkpoint.model().forEach((name, tensor) -> parameters.put(name, tensor.shape()));
        assertThatCode(() -> checkpoint.fitOptimizer(parameters)).doesNotThrowAnyException();
        parameters.put("text_projection", new long[] {64, 32});
        assertThatThrownBy(() -> checkpoint.fitOptimizer(parameters)).isInstanceOf(CheckpointException.class)
                .hasMessageEndingWith(": optimizer state of text_projection has shape [64, 16], expected [64, 32]");
    }

    @Test
    void theSummaryTellsWhatIsInside() {
        List<String> lines = CheckpointSummary.lines(micro(), false);
        assertThat(lines).contains(
                "format       torch (zip)",
                "epoch        1",
                "global step  2",
                "image tower  ViT, width 64, 1 layer, patch 8, image 16",
                "text tower   transformer, width 64, 1 layer, context 8, vocabulary 48",
                "embedding    16",
                "tensors      38 (38 float32)",
                "optimizer    AdamW, step 2, lr 5.0E-4 of 5.0E-4, weight decay 0.1");
        assertThat(CheckpointSummary.lines(micro(), true)).contains("visual.proj  float32  [64, 16]").hasSize(lines.size() + 38);
    }

    @Test
    void aResNetIsRecognisedByItsShapes() {
        Map<String, long[]> shapes = Map.of(
                "visual.layer1.0.conv1.weight", new long[] {64, 64, 1, 1}, "visual.layer1.1.conv1.weight", new long[] {64, 256, 1, 1},
                "visual.layer2.0.conv1.weight", new long[] {128, 256, 1, 1}, "visual.layer3.0.conv1.weight", new long[4],
                "visual.layer4.0.conv1.weight", new long[4], "visual.attnpool.positional_embedding", new long[] {50, 2048},
                "positional_embedding", new long[] {77, 512}, "token_embedding.weight", new long[] {49408, 512},
                "text_projection", new long[] {512, 1024}, "transformer.resblocks.11.ln_1.weight", new long[] {512});
        assertThat(Architecture.of(shapes)).hasValue(new Architecture("ResNet, width 64, layers 2-1-1-1, image 224",
                "transformer, width 512, 1 layer, context 77, vocabulary 49408", 1024));
    }

    private static Checkpoint micro() {
        return Checkpoint.read(Golden.path("checkpoints/micro_vit_checkpoint_1_2.pt"));
    }
}
