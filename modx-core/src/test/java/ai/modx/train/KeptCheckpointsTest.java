package ai.modx.train;

import static ai.modx.train.TinyRuns.VIT;
import static ai.modx.train.TinyRuns.execute;
import static ai.modx.train.TinySettings.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.modx.checkpoint.EventDecoder;
import ai.modx.data.DataException;
import ai.modx.data.ImageCache;
import ai.modx.eval.EncoderSettings;
import ai.modx.eval.EvaluationSet;
import ai.modx.eval.EvaluationSource;
import ai.modx.eval.RetrievalEvaluation;
import ai.modx.text.ClipTokenizer;
import ai.modx.train.RunIdentity.Continuation;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which checkpoints a run leaves behind, and which it never replaces. */
class KeptCheckpointsTest {

    private TinyRuns runs;

    @BeforeEach
    void draw(@TempDir Path folder) {
        runs = new TinyRuns(folder);
    }

    @Test
    void onlyTheNewestCheckpointsAreKept() throws IOException {
        runs.train("kept", VIT, settings(4, 2).saveSteps(2).keepLast(2));
        try (var files = Files.list(runs.file("kept"))) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".pt")))
                    .containsExactlyInAnyOrder("checkpoint_1_8.pt", "checkpoint_1_10.pt", "checkpoint_final.pt");
        }
    }

    @Test
    void whatIsSavedBehindADamagedNewerCheckpointIsNotDeletedForItsSake() throws IOException {
        runs.train("behind", VIT, settings(4, 2).saveSteps(2).maxSteps(4));
        RunFolder run = new RunFolder(runs.file("behind"), runs.file("behind"));
        Path damaged = runs.file("behind/checkpoint_0_4.pt");
        Files.write(damaged, Arrays.copyOf(Files.readAllBytes(damaged), 1000));
        Path copy = Files.copy(runs.file("behind/checkpoint_0_2.pt"), runs.file("behind/checkpoint_copy.pt")); // somebody's own
        StartingPoint before = StartingPoint.runOf(ResumePoint.find("latest", run).orElseThrow(), "tiny", VIT, Continuation.EXACT);
        execute(runs.job("behind", VIT, settings(4, 2).saveSteps(1).maxSteps(3).keepLast(1), before));
        assertThat(run.checkpointFiles()).containsExactlyInAnyOrder(damaged, copy, runs.file("behind/checkpoint_0_3.pt"));
        assertThat(ResumePoint.find("latest", run).orElseThrow().globalStep()).hasValue(3);
    }

    @Test
    void aModelThatBecameInfiniteReplacesNoGoodOne() {
        TinySettings exploding = settings(4, 1).saveSteps(2).keepLast(1).learningRate(1e38);
        TrainingJob job = runs.job("inf", VIT, exploding, StartingPoint.fresh(VIT, 11));
        assertThatThrownBy(() -> execute(job)).isInstanceOf(DivergedException.class)
                .hasMessageMatching("The weights \\S+ are not finite after step 2, and are not saved; lower --params_lr, or set --grad_clip_norm\\. "
                        + "No checkpoint was saved before");
        assertThat(runs.file("inf/checkpoint_0_2.pt")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void theBestModelIsKeptAndTheSameOneIfTheRunIsInterrupted(int interruptedAfter) throws IOException {
        Path file = runs.coco().resolve("dataset_coco.json");
        EvaluationSet set = EvaluationSet.read(new EvaluationSource("pictures", file, runs.coco(), "test"));
        PeriodicEvaluation evaluation = new PeriodicEvaluation(
                new RetrievalEvaluation(List.of(set), ClipTokenizer.load(), new EncoderSettings(16, 0, ImageCache.NONE, true), 1), 1);
        execute(evaluated(runs.job("whole", VIT, settings(8, 4).tensorBoard(), StartingPoint.fresh(VIT, 11)), evaluation));
        if (interruptedAfter > 0) {
            execute(evaluated(runs.job("best", VIT, settings(8, 4).maxSteps(interruptedAfter).tensorBoard(), StartingPoint.fresh(VIT, 11)), evaluation));
        }
        StartingPoint start = ResumePoint.find("latest", new RunFolder(runs.file("best"), runs.file("best")))
                .map(checkpoint -> StartingPoint.runOf(checkpoint, "tiny", VIT, Continuation.EXACT)).orElseGet(() -> StartingPoint.fresh(VIT, 11));
        execute(evaluated(runs.job("best", VIT, settings(8, 4).keepLast(1).tensorBoard(), start), evaluation));
        double best = 0;
        long bestStep = 0;
        for (String line : Files.readAllLines(runs.file("best/eval.jsonl"))) {
            JsonNode node = new ObjectMapper().readTree(line);
            if (node.get("rsum").asDouble() > best) {
                best = node.get("rsum").asDouble();
                bestStep = node.get("global_step").asLong();
            }
        }
        assertThat(Files.readAllLines(runs.file("best/eval.jsonl"))).hasSize(4);
        assertThat(runs.checkpoint("best/checkpoint_best.pt").globalStep()).hasValue(bestStep);
        assertThat(events("best")).isEqualTo(events("whole")).hasSize(16).anyMatch(event -> event.startsWith("12 {retrieval/pictures/i2t/r1="));
    }

    @Test
    void whatWasTrainedIsSavedEvenIfItCannotBeEvaluated() throws IOException {
        Path broken = Files.writeString(runs.file("broken.jpg"), "no picture");
        EvaluationSet set = new EvaluationSet("broken", List.of(broken), List.of("a"), new int[] {0});
        PeriodicEvaluation evaluation = new PeriodicEvaluation(
                new RetrievalEvaluation(List.of(set), ClipTokenizer.load(), new EncoderSettings(4, 0, ImageCache.NONE, true), 1), 0);
        byte[] reference = runs.train("whole", VIT, settings(8, 1));
        TrainingJob job = runs.job("run", VIT, settings(8, 1), StartingPoint.fresh(VIT, 11));
        assertThatThrownBy(() -> execute(evaluated(job, evaluation))).isInstanceOf(DataException.class).hasMessageContaining("broken.jpg");
        assertThat(runs.bytes("run/checkpoint_final.pt")).isEqualTo(reference);
    }

    private List<String> events(String name) throws IOException {
        return EventDecoder.withoutTimes(runs.file(name + "/tensorboard/events.out.tfevents.modx"));
    }

    private static TrainingJob evaluated(TrainingJob job, PeriodicEvaluation evaluation) {
        return new TrainingJob(job.command(), job.arguments(), job.flags(), job.modelName(), job.model(), job.computation(), job.devices(),
                job.data(), job.settings(), job.method(), job.start(), job.folder(), Optional.of(evaluation));
    }
}
