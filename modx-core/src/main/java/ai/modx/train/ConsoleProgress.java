package ai.modx.train;

import ai.modx.data.Progress;
import ai.modx.data.ProgressLine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a person how a run is going: after every step a line for those who watch, and in the log the original's line every 50 steps and
 * one at the end of every epoch.
 */
final class ConsoleProgress implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleProgress.class);

    private static final int LINE_EVERY_STEPS = 50;

    /** Over how many steps speeds are taken. */
    private static final int RECENT_STEPS = 50;

    private final TrainingPlan plan;
    private final long lastStep;
    private final ProgressLine line = new ProgressLine();
    private final Deque<StepRecord> recent = new ArrayDeque<>();
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
        recent.add(step);
        if (recent.size() > RECENT_STEPS) {
            recent.remove();
        }
        if (step.globalStep() % LINE_EVERY_STEPS == 0) {
            LOG.info(String.format(Locale.ROOT, "Epoch: %d, global_step: %d, lr: %.6f, loss: %.4f (%.4f)",
                    step.epoch(), step.globalStep(), step.lr(), step.loss(), lossSum / steps));
        }
        if (step.globalStep() % plan.stepsPerEpoch() == 0) {
            epochEnded(step);
        }
        line.show(() -> progress(step));
    }

    private void epochEnded(StepRecord step) {
        String of = epochSteps < plan.stepsPerEpoch() ? " since it was continued" : "";
        LOG.info(String.format(Locale.ROOT, "Epoch %d of %d done: mean loss%s %.4f, %.1f pairs/s, %s left",
                step.epoch() + 1, plan.epochs(), of, epochLossSum / epochSteps, pairs / seconds, timeLeft(step)));
        epochLossSum = 0;
        epochSteps = 0;
    }

    Progress progress(StepRecord step) {
        double recentSeconds = sum(StepRecord::stepSeconds);
        List<String> parts = new ArrayList<>();
        parts.add("epoch " + (step.epoch() + 1) + "/" + plan.epochs());
        parts.add("step " + step.globalStep() + "/" + lastStep);
        parts.add(String.format(Locale.ROOT, "loss %.4f", step.loss()));
        parts.add(timeLeft(step) + " left");
        parts.add(String.format(Locale.ROOT, "%.1f pairs/s", sum(StepRecord::pairs) / recentSeconds));
        step.parts().forEach((name, value) -> parts.add(String.format(Locale.ROOT, value == Math.rint(value) ? "%s %.0f" : "%s %.4f", name, value)));
        parts.add(String.format(Locale.ROOT, "lr %.2e", step.lr()));
        parts.add(String.format(Locale.ROOT, "waits for data %.0f %%", 100 * sum(StepRecord::dataSeconds) / recentSeconds));
        step.peakMemory().ifPresent(bytes -> parts.add(String.format(Locale.ROOT, "peak memory %.1f GB", bytes / 1e9)));
        return new Progress(parts);
    }

    private double sum(ToDoubleFunction<StepRecord> number) {
        return recent.stream().mapToDouble(number).sum();
    }

    private String timeLeft(StepRecord step) {
        return Progress.duration(seconds / steps * (lastStep - step.globalStep()));
    }

    @Override
    public void close() {
        line.close();
    }
}
