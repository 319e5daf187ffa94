package ai.modx.train;

import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a person how a run is going: the original's line every 50 steps, and a line at the end of every epoch. */
final class ConsoleProgress {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleProgress.class);

    private static final int LINE_EVERY_STEPS = 50;

    private final TrainingPlan plan;
    private final long lastStep;
    private long steps;
    private double lossSum;
    private double epochLossSum;
    private double seconds;
    private long pairs;
    private int epochSteps;

    ConsoleProgress(TrainingPlan plan, long lastStep) {
        this.plan = plan;
        this.lastStep = lastStep;
    }

    void stepped(StepRecord step) {
        steps++;
        epochSteps++;
        lossSum += step.loss();
        epochLossSum += step.loss();
        seconds += step.stepSeconds();
        pairs += step.pairs();
        if (step.globalStep() % LINE_EVERY_STEPS == 0) {
            LOG.info(String.format(Locale.ROOT, "Epoch: %d, global_step: %d, lr: %.6f, loss: %.4f (%.4f)",
                    step.epoch(), step.globalStep(), step.lr(), step.loss(), lossSum / steps));
        }
        if (step.globalStep() % plan.stepsPerEpoch() == 0) {
            epochEnded(step);
        }
    }

    private void epochEnded(StepRecord step) {
        double left = seconds / steps * (lastStep - step.globalStep());
        LOG.info(String.format(Locale.ROOT, "Epoch %d of %d done: mean loss %.4f, %.1f pairs/s, %s left",
                step.epoch() + 1, plan.epochs(), epochLossSum / epochSteps, pairs / seconds, duration(left)));
        epochLossSum = 0;
        epochSteps = 0;
    }

    private static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60 ? whole + " s"
                : whole < 3600 ? whole / 60 + " min " + whole % 60 + " s" : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }
}
