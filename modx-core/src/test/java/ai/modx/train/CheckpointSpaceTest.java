package ai.modx.train;

import static ai.modx.train.TinyRuns.VIT;
import static ai.modx.train.TinySettings.settings;
import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.train.RunIdentity.Continuation;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointSpaceTest {

    private TinyRuns runs;

    @BeforeEach
    void draw(@TempDir Path folder) {
        runs = new TinyRuns(folder);
    }

    @Test
    void oneThatDoesNotFitIsToldOfBeforehand() {
        assertThat(shortage(settings(4, 2), 0.5)).contains(runs.file("run") + " has 9 MB left, and this run's checkpoints take about 1 x 18 MB. "
                + "Free some, save less often (--save_steps), keep fewer (--keep_last), or choose another --saved_checkpoints");
        assertThat(shortage(settings(4, 2), 1.01)).isEmpty();
    }

    /** Of twelve steps: after 2, 4, 6, 8, 10, and the final one. */
    @Test
    void thoseOnTheWayCountAsLongAsTheyAreKept() {
        assertThat(shortage(settings(4, 2).saveSteps(2), 5.99).orElse("none")).contains("about 6 x 18 MB");
        assertThat(shortage(settings(4, 2).saveSteps(2), 6.01)).isEmpty();
        assertThat(shortage(settings(4, 2).saveSteps(2).keepLast(2), 2.99)).isPresent();
        assertThat(shortage(settings(4, 2).saveSteps(2).keepLast(2), 3.01)).isEmpty();
        assertThat(shortage(settings(4, 2).saveSteps(2).maxSteps(5), 2.99)).isPresent();
        assertThat(shortage(settings(4, 2).saveSteps(2).maxSteps(5), 3.01)).isEmpty();
    }

    @Test
    void whatIsThereAlreadyAndWillBeDeletedMakesRoom() {
        TinySettings settings = settings(4, 2).saveSteps(2).keepLast(2);
        runs.train("run", VIT, settings.maxSteps(4));
        TrainingJob job = runs.job("run", VIT, settings.maxSteps(12), runs.from("run/checkpoint_0_4.pt", VIT, Continuation.EXACT));
        assertThat(CheckpointSpace.shortage(job, room(job, 0.99))).isPresent();
        assertThat(CheckpointSpace.shortage(job, room(job, 1.01))).isEmpty();
    }

    @Test
    void theSystemSaysHowMuchRoomThereIs() {
        assertThat(new RunFolder(runs.file("not"), runs.file("not/yet/there")).freeBytes().orElse(0)).isBetween(1L, runs.file("").toFile().getTotalSpace());
    }

    /** @param free room for so many checkpoints */
    private Optional<String> shortage(TinySettings settings, double free) {
        TrainingJob job = runs.job("run", VIT, settings, StartingPoint.fresh(VIT, 11));
        return CheckpointSpace.shortage(job, room(job, free));
    }

    private static OptionalLong room(TrainingJob job, double checkpoints) {
        return OptionalLong.of((long) (checkpoints * 12 * job.parameterCount()));
    }
}
