package ai.modx.train;

import static ai.modx.train.TinyRuns.RESNET;
import static ai.modx.train.TinyRuns.VIT;
import static ai.modx.train.TinyRuns.execute;
import static ai.modx.train.TinySettings.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.modx.checkpoint.Checkpoint;
import ai.modx.config.ConfigException;
import ai.modx.model.ModelConfig;
import ai.modx.train.RunIdentity.Continuation;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that go on from a checkpoint of their own or of another run. */
@Tag("slow")
class ContinuedRunTest {

    private TinyRuns runs;

    @BeforeEach
    void draw(@TempDir Path folder) {
        runs = new TinyRuns(folder);
    }

    @ParameterizedTest
    @CsvSource({"false,1", "true,1", "false,2", "true,2"})
    void aContinuedRunEndsInTheBitsOfAnUninterruptedOne(boolean resnet, int chunks) throws IOException {
        ModelConfig model = resnet ? RESNET : VIT;
        byte[] reference = runs.train("whole", model, settings(4 / chunks, 3).chunks(chunks).accumulation(2).saveSteps(2));

        runs.train("parts", model, settings(4 / chunks, 3).chunks(chunks).accumulation(2).maxSteps(4));
        Files.writeString(runs.file("parts/metrics.jsonl"), "{\"epoch\":9}\n", StandardOpenOption.APPEND);
        StartingPoint interrupted = runs.from("parts/checkpoint_1_4.pt", model, Continuation.EXACT);
        execute(runs.job("parts", model, settings(4 / chunks, 3).chunks(chunks).accumulation(2), interrupted));

        assertThat(runs.bytes("parts/checkpoint_final.pt")).isEqualTo(reference);
        assertThat(runs.losses("parts")).isEqualTo(runs.losses("whole")).hasSize(9);
        assertThat(runs.statsLosses("parts")).isEqualTo(runs.statsLosses("whole")).hasSize(3);
    }

    @Test
    void aRunWithOtherSettingsIsNotContinued() {
        runs.train("first", VIT, settings(4, 3).maxSteps(2));
        StartingPoint interrupted = runs.from("first/checkpoint_0_2.pt", VIT, Continuation.EXACT);
        TrainingJob other = runs.job("first", VIT, settings(4, 2), interrupted);
        assertThatThrownBy(() -> new TrainingRun(other)).isInstanceOf(ConfigException.class)
                .hasMessageContaining("that run has num_train_epochs 3, this one 2. Continue it with the same, accept the difference with --force, or "
                        + "start a new run in another --train_dir, from its weights with --checkpoint_path");
        TrainingJob divided = runs.job("first", VIT, settings(2, 3).chunks(2), interrupted);
        assertThatThrownBy(() -> new TrainingRun(divided)).isInstanceOf(ConfigException.class)
                .hasMessageContaining("that run has accum_freq 1, this one 2");
    }

    @Test
    void everyDifferenceIsNamed() {
        runs.train("first", VIT, settings(4, 3).maxSteps(2));
        StartingPoint interrupted = runs.from("first/checkpoint_0_2.pt", VIT, Continuation.EXACT);
        TrainingJob other = runs.job("first", VIT, settings(8, 3).seed(12), interrupted);
        assertThatThrownBy(() -> new TrainingRun(other)).hasMessageContaining("that run has global_batch 4, this one 8; seed 11, this one 12.");
    }

    /** By this text checkpoints know their run: written otherwise, no earlier run could be continued. */
    @Test
    void whatRunsAreComparedByIsWrittenAsEver() {
        TrainingJob job = runs.job("any", VIT, settings(4, 3), StartingPoint.fresh(VIT, 11));
        TrainingJob modx = new TrainingJob("modx-train", job.arguments(), job.flags(), job.modelName(), job.model(), job.computation(), job.devices(), job.data(),
                job.settings(), Map.of("alpha", 20.0), job.start(), job.folder(), job.evaluation());
        assertThat(RunIdentity.of(modx.identity()).values().toString()).isEqualTo("{command=modx-train, model={\"embed_dim\":16,\"image_resolution\":32,"
                + "\"vision_layers\":1,\"vision_width\":64,\"vision_patch_size\":8,\"context_length\":16,\"vocab_size\":49408,\"transformer_width\":32,"
                + "\"transformer_heads\":1,\"transformer_layers\":1}, precision=fp32, short_texts=true, images=26, captions=130, data="
                + job.data().fingerprint() + ", devices=1, global_batch=4, accum_freq=1, gradient_accumulation_steps=1, num_train_epochs=3, params_lr=5.0E-4, "
                + "params_weight_decay=0.1, params_eps=1.0E-8, seed=11, order=shuffled, caption=random, alpha=20.0}");
    }

    @Test
    void aFinishedRunGoesOnForMoreEpochsIfForced() throws IOException {
        runs.train("longer", VIT, settings(8, 1));
        List<Double> first = runs.losses("longer");
        StartingPoint finished = runs.from("longer/checkpoint_final.pt", VIT, Continuation.FORCED);
        execute(runs.job("longer", VIT, settings(4, 2), finished));
        assertThat(runs.losses("longer")).startsWith(first.toArray(Double[]::new)).hasSize(12);
        assertThat(runs.file("longer/checkpoint_0_3.pt")).exists();
        assertThat(runs.checkpoint("longer/checkpoint_final.pt").globalStep()).hasValue(12);
        assertThat(new ObjectMapper().readTree(runs.file("longer/run.json").toFile()).get("num_train_epochs").asInt()).isEqualTo(2);
        assertThat(runs.statsLosses("longer")).hasSize(6); // those of epoch 0
    }

    @Test
    void aForcedRunIsNotMixedUpWithNewerCheckpointsOfTheOldOne() {
        runs.train("mixed", VIT, settings(4, 2).saveSteps(5));
        StartingPoint older = runs.from("mixed/checkpoint_0_5.pt", VIT, Continuation.FORCED);
        assertThatThrownBy(() -> new TrainingRun(runs.job("mixed", VIT, settings(4, 3), older)))
                .isInstanceOf(ConfigException.class).hasMessageMatching("--force: .*checkpoint_final.pt has more steps than the checkpoint to continue "
                        + "from, and would be mixed up with what comes now. Move it away, or continue in another --train_dir");
        StartingPoint ended = runs.from("mixed/checkpoint_final.pt", VIT, Continuation.FORCED);
        assertThatThrownBy(() -> new TrainingRun(runs.job("mixed", VIT, settings(4, 1), ended)))
                .isInstanceOf(ConfigException.class).hasMessageStartingWith("--force: the checkpoint has taken 12 steps, and this run has 6 in all.");
    }

    @Test
    void aRunThatIsContinuedInAnotherFolderIsARunOfItsOwn() throws IOException {
        byte[] whole = runs.train("here", VIT, settings(4, 2).saveSteps(5));
        StartingPoint middle = runs.from("here/checkpoint_0_5.pt", VIT, Continuation.EXACT);
        execute(runs.job("there", VIT, settings(4, 2).saveSteps(7).maxSteps(10), middle));
        Files.delete(runs.file("there/checkpoint_1_10.pt")); // as if killed before it was saved
        StartingPoint later = runs.from("there/checkpoint_1_7.pt", VIT, Continuation.EXACT);
        execute(runs.job("there", VIT, settings(4, 2), later));
        assertThat(runs.bytes("there/checkpoint_final.pt")).isEqualTo(whole);
        assertThat(runs.losses("there")).isEqualTo(runs.losses("here").subList(5, 12));
        assertThat(runs.file("there/run.json")).isRegularFile();
        assertThat(Files.readAllLines(runs.file("there/stats.txt"))).startsWith("joint-train").hasSize(2 + 1); // of epoch 0
    }

    @Test
    void aLostFinalCheckpointIsWrittenFromAnyOtherOfTheLastStep() throws IOException {
        byte[] whole = runs.train("run", VIT, settings(8, 1));
        Path best = Files.move(runs.file("run/checkpoint_final.pt"), runs.file("run/checkpoint_best.pt"));
        StartingPoint last = StartingPoint.runOf(Checkpoint.read(best), "tiny", VIT, Continuation.EXACT);
        execute(runs.job("run", VIT, settings(8, 1), last));
        assertThat(runs.bytes("run/checkpoint_final.pt")).isEqualTo(whole);
    }
}
