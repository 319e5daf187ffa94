package ai.modx.train;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ConsoleProgressTest {

    /** 60 steps an epoch. */
    private static final TrainingPlan PLAN = new TrainingPlan(240, 4, 1, 3);

    @Test
    void watchersSeeTheStepAndWhatTheLastFiftyStepsTook() {
        Map<String, Double> parts = new LinkedHashMap<>();
        parts.put("loss_train", 0.625);
        parts.put("loss_distill", 0.0125);
        parts.put("kept_i2t", 3.0);
        try (ConsoleProgress progress = new ConsoleProgress(PLAN, 120)) {
            for (int i = 1; i <= 10; i++) {
                progress.stepped(step(i, 20, 20, Map.of())); // as slow as first steps are
            }
            for (int i = 11; i <= 60; i++) {
                progress.stepped(step(i, 2, 0.5, parts));
            }
            assertThat(progress.progress(step(60, 2, 0.5, parts)).parts()).containsExactly("epoch 1/3", "step 60/120", "loss 30.5000", "5 min 0 s left", "2.0 pairs/s",
                    "loss_train 0.6250", "loss_distill 0.0125", "kept_i2t 3", "lr 5.00e-04", "waits for data 25 %", "peak memory 1.5 GB");
        }
    }

    @Test
    void theLogHasTheOriginalsLineEveryFiftyStepsAndOneForEveryEpoch() {
        assertThat(said(1, 60)).containsExactly("Epoch: 0, global_step: 50, lr: 0.000500, loss: 25.5000 (13.2500)",
                "Epoch 1 of 3 done: mean loss 15.7500, 2.0 pairs/s, 4 min 0 s left");
    }

    @Test
    void anEpochOfWhichOnlyTheEndWasSeenSaysSo() {
        assertThat(said(59, 60)).containsExactly("Epoch 1 of 3 done: mean loss since it was continued 30.2500, 2.0 pairs/s, 4 min 0 s left");
    }

    private static List<String> said(int fromStep, int toStep) {
        Logger log = (Logger) LoggerFactory.getLogger(ConsoleProgress.class);
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        log.setLevel(Level.INFO);
        log.addAppender(said);
        try (ConsoleProgress progress = new ConsoleProgress(PLAN, 180)) {
            for (int i = fromStep; i <= toStep; i++) {
                progress.stepped(step(i, 2, 0.5, Map.of()));
            }
        } finally {
            log.detachAppender(said);
            log.setLevel(null);
        }
        return said.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static StepRecord step(long step, double seconds, double dataSeconds, Map<String, Double> parts) {
        return new StepRecord(PLAN.epochOf(step - 1), step, 5e-4, step / 2.0 + 0.5, parts, 2.5, 1.25, 4, dataSeconds, seconds, OptionalLong.of(1_500_000_000));
    }
}
