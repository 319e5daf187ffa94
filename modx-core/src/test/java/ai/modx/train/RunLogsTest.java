package ai.modx.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.djl.Device;
import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointContents;
import ai.modx.checkpoint.CheckpointWriter;
import ai.modx.checkpoint.Event;
import ai.modx.checkpoint.EventDecoder;
import ai.modx.checkpoint.SaveException;
import ai.modx.data.BadImagePolicy;
import ai.modx.data.CaptionChoice;
import ai.modx.data.CaptionDataset;
import ai.modx.data.CaptionedImage;
import ai.modx.data.ImageCache;
import ai.modx.model.Computation;
import ai.modx.model.ModelTable;
import ai.modx.model.Precision;
import ai.modx.torch.HostTensor;
import ai.modx.train.RunIdentity.Continuation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogsTest {

    /** 2 steps an epoch. */
    private static final TrainingPlan PLAN = new TrainingPlan(8, 4, 1, 8);

    @TempDir
    Path dir;

    private RunFolder folder;

    @BeforeEach
    void nameFolder() {
        folder = new RunFolder(dir, dir);
    }

    @Test
    void statsHoldTheCommandTheSettingsAndTheLossesOfEveryFifthEpoch() throws IOException {
        write(0, 16);
        assertThat(Files.readAllLines(folder.stats())).containsExactly(
                "joint-train --seed 3",
                "{\"seed\":3}",
                "{\"Epoch\":0,\"loss\":0.5}",
                "{\"Epoch\":0,\"loss\":1.5}",
                "{\"Epoch\":5,\"loss\":10.5}",
                "{\"Epoch\":5,\"loss\":11.5}");
    }

    @Test
    void metricsHoldOneStrictObjectAStepWithTheMethodsPartsAfterTheLoss() throws IOException {
        write(0, 1);
        assertThat(Files.readAllLines(folder.metrics())).containsExactly("{\"epoch\":0,\"global_step\":1,\"lr\":5.0E-4,\"loss\":0.5,"
                + "\"loss_distill\":0.25,\"logit_scale\":2.5,\"grad_norm\":1.25,\"pairs_per_s\":8.0,\"data_s\":0.125,\"step_s\":0.5,\"peak_memory_mb\":3}");
    }

    @Test
    void aContinuedRunWritesAnewWhatCameAfterItsCheckpoint() throws IOException {
        write(0, 16);
        List<String> stats = Files.readAllLines(folder.stats());
        List<String> metrics = Files.readAllLines(folder.metrics());
        List<String> events = EventDecoder.withoutTimes(events());
        write(11, 16);
        assertThat(Files.readAllLines(folder.stats())).isEqualTo(stats);
        assertThat(Files.readAllLines(folder.metrics())).isEqualTo(metrics);
        assertThat(EventDecoder.withoutTimes(events())).isEqualTo(events).hasSize(16);
    }

    @Test
    void tensorBoardGetsTheNumbersOfEachStep() throws IOException {
        write(0, 2);
        List<Event> events = EventDecoder.read(events());
        assertThat(events).extracting(Event::step).containsExactly(1L, 2L);
        assertThat(events.get(1).scalars()).containsExactly(Map.entry("train/lr", 5e-4f), Map.entry("train/loss", 1.5f), Map.entry("train/loss_distill", 0.25f),
                Map.entry("train/logit_scale", 2.5f), Map.entry("train/grad_norm", 1.25f), Map.entry("train/pairs_per_s", 8f), Map.entry("train/data_s", 0.125f),
                Map.entry("train/step_s", 0.5f), Map.entry("train/peak_memory_mb", 3f));
        assertThat(events.get(1).wallTime()).isBetween(events.get(0).wallTime(), System.currentTimeMillis() / 1000.0);
    }

    @Test
    void anEvaluationThatIsNotInItsLogIsNotInTensorBoardsEither() throws IOException {
        write(0, 4);
        Files.writeString(folder.evaluations(), "{\"epoch\":0,\"global_step\":2}\n");
        try (TensorBoardLog log = TensorBoardLog.open(dir, true, 4, 4).orElseThrow()) {
            log.evaluated("retrieval", 4, Map.of("rsum", 300.0));
        }
        assertThat(EventDecoder.read(events())).hasSize(5);
        write(4, 5);
        assertThat(EventDecoder.read(events())).extracting(Event::step).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void aRunThatGoesOnWithoutTensorBoardLeavesNoStepsThatItTakesAnew() throws IOException {
        write(0, 4);
        assertThat(TensorBoardLog.open(dir, false, 3, 0)).isEmpty();
        assertThat(EventDecoder.read(events())).extracting(Event::step).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aFileWhereTensorBoardsFolderShouldBeIsNamed() throws IOException {
        Path file = Files.writeString(dir.resolve("tensorboard"), "");
        assertThatExceptionOfType(SaveException.class).isThrownBy(() -> write(0, 1)).withMessageStartingWith("Cannot make the folder " + file + ": ");
    }

    @Test
    void aLineThatWasCutOffIsRemoved() throws IOException {
        write(0, 3);
        Files.writeString(folder.metrics(), "{\"epoch\":1,\"glo", StandardOpenOption.APPEND);
        write(3, 4);
        assertThat(Files.readAllLines(folder.metrics())).hasSize(4).allMatch(line -> line.endsWith("}"));
    }

    @Test
    void aNewRunStartsWithEmptyLogs() throws IOException {
        write(0, 3);
        write(0, 1);
        assertThat(Files.readAllLines(folder.metrics())).hasSize(1);
        assertThat(Files.readAllLines(folder.stats())).hasSize(3);
    }

    @Test
    void evaluationsUpToTheCheckpointStayEvenIfTheContinuedRunHasNone() throws IOException {
        write(0, 4);
        String kept = "{\"epoch\":0,\"global_step\":2}\n{\"epoch\":1,\"global_step\":4}\n";
        Files.writeString(folder.evaluations(), kept + "{\"epoch\":2,\"global_step\":6}\n{\"epoch\":3,\"glo");
        write(4, 5);
        assertThat(Files.readString(folder.evaluations())).isEqualTo(kept);
    }

    private Path events() {
        return dir.resolve("tensorboard/events.out.tfevents.modx");
    }

    private void write(long fromStep, long toStep) {
        try (RunLogs logs = RunLogs.open(job(fromStep), PLAN)) {
            if (fromStep == 0) {
                logs.started(List.of("joint-train", "--seed", "3"), Map.of("seed", 3));
            }
            for (long step = fromStep; step < toStep; step++) {
                logs.stepped(new StepRecord(PLAN.epochOf(step), step + 1, 5e-4, step + 0.5, Map.of("loss_distill", 0.25), 2.5, 1.25, 4, 0.125, 0.5, OptionalLong.of(3 << 20)), OptionalInt.empty());
            }
            logs.force();
        }
    }

    private TrainingJob job(long stepsTaken) {
        CaptionDataset data = new CaptionDataset("one", List.of(new CaptionedImage(Path.of("1.jpg"), List.of("a"))));
        TrainingSettings settings = new TrainingSettings(8, 4, 1, 1, 5e-4, 0.1, 1e-8, Optional.empty(), 0, ImageCache.NONE, 3, true, CaptionChoice.FIRST, BadImagePolicy.FAIL, 0, Optional.empty(), Optional.empty(), true);
        return new TrainingJob("joint-train", List.of(), Map.of(), "tiny_vit", ModelTable.bundled().get("tiny_vit"), Computation.in(Precision.FP32),
                List.of(Device.cpu()), data, settings, Map.of(), start(stepsTaken), folder, Optional.empty());
    }

    private StartingPoint start(long stepsTaken) {
        if (stepsTaken == 0) {
            return StartingPoint.weights(Map::of);
        }
        Path file = dir.resolve("interrupted.pt");
        CheckpointWriter.write(file, new CheckpointContents(
                0, stepsTaken, Map.of("logit_scale", HostTensor.of(new float[] {1})), Optional.empty(), Map.of()));
        return new StartingPoint(Map::of, Optional.of(Checkpoint.read(file)), Continuation.EXACT);
    }
}
