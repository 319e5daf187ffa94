package ai.modx.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointContents;
import ai.modx.checkpoint.CheckpointException;
import ai.modx.checkpoint.CheckpointWriter;
import ai.modx.torch.HostTensor;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ResumePointTest {

    @TempDir
    Path dir;

    @Test
    void theLatestIsTheOneWithTheMostSteps() {
        save("checkpoint_0_900.pt", 900);
        save("checkpoint_1_1000.pt", 1000);
        assertThat(latest()).contains(1000L);
        save("checkpoint_final.pt", 1200);
        assertThat(latest()).contains(1200L);
    }

    @Test
    void aRunThatSavedNothingStartsAnew() {
        assertThat(latest()).isEmpty();
        assertThat(ResumePoint.find("latest", new RunFolder(dir, dir.resolve("missing")))).isEmpty();
    }

    @Test
    void aDamagedFileIsSkippedWithAWarning() throws IOException {
        save("checkpoint_0_8.pt", 8);
        Path newest = truncate(save("checkpoint_0_9.pt", 9));
        Logger logger = (Logger) LoggerFactory.getLogger(ResumePoint.class);
        ListAppender<ILoggingEvent> warnings = new ListAppender<>();
        warnings.start();
        logger.addAppender(warnings);
        logger.setAdditive(false);
        try {
            assertThat(latest()).contains(8L);
        } finally {
            logger.detachAppender(warnings);
            logger.setAdditive(true);
        }
        assertThat(warnings.list).singleElement().extracting(ILoggingEvent::getFormattedMessage).asString()
                .contains(newest.toString()).endsWith("; trying the one before");
    }

    @Test
    void aRunWithDamagedFilesOnlyIsNotStartedAnewUnasked() throws IOException {
        truncate(save("checkpoint_0_8.pt", 8));
        assertThatExceptionOfType(CheckpointException.class).isThrownBy(this::latest)
                .withMessage("--resume latest: none of the 1 checkpoints in " + dir + " can be read. Move them away to start anew");
    }

    @Test
    void aNamedFileIsTakenOrRefused() throws IOException {
        save("checkpoint_0_9.pt", 9);
        Path named = save("checkpoint_0_8.pt", 8);
        assertThat(ResumePoint.find(named.toString(), new RunFolder(dir, dir)).flatMap(ResumePointTest::steps)).contains(8L);
        truncate(named);
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> ResumePoint.find(named.toString(), new RunFolder(dir, dir))).withMessageContaining(named.toString());
    }

    private Optional<Long> latest() {
        return ResumePoint.find("latest", new RunFolder(dir, dir)).flatMap(ResumePointTest::steps);
    }

    private static Optional<Long> steps(Checkpoint checkpoint) {
        return checkpoint.globalStep().isPresent() ? Optional.of(checkpoint.globalStep().orElseThrow()) : Optional.empty();
    }

    private Path save(String name, long steps) {
        Path file = dir.resolve(name);
        CheckpointWriter.write(file, new CheckpointContents(
                0, steps, Map.of("logit_scale", HostTensor.of(new float[] {1})), Optional.empty(), Map.of()));
        return file;
    }

    private static Path truncate(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    }
}
