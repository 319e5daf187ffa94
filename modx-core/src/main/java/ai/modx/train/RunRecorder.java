package ai.modx.train;

import ai.modx.data.BadImages;
import ai.modx.data.StopRequest;
import ai.modx.data.StopRequest.StoppedException;
import ai.modx.eval.RetrievalReport;
import ai.modx.parallel.ReplicaGroup;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens after every step of a run: it is logged, told, evaluated and saved, each when it is time. */
final class RunRecorder implements Trainer.Listener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunRecorder.class);

    private final TrainingJob job;
    private final TrainingPlan plan;
    private final ReplicaGroup replicas;
    private final RunLogs logs;
    private final RunCheckpoints checkpoints;
    private final BadImages badImages;
    private final ConsoleProgress progress;
    private final StopRequest stop;
    private Optional<StepRecord> last = Optional.empty();
    private OptionalDouble bestRsum;

    RunRecorder(TrainingJob job, ReplicaGroup replicas, RunLogs logs, RunCheckpoints checkpoints, BadImages badImages,
            StopRequest stop) {
        this.job = job;
        this.plan = job.plan();
        this.replicas = replicas;
        this.logs = logs;
        this.checkpoints = checkpoints;
        this.badImages = badImages;
        this.progress = new ConsoleProgress(plan, job.lastStep());
        this.stop = stop;
        bestRsum = logs.bestRsum();
    }

    /** The last step taken now. */
    Optional<StepRecord> last() {
        return last;
    }

    /** Makes up for an evaluation that a signal cut off. */
    void catchUp() {
        long step = job.start().globalStep();
        if (step > 0 && logs.lacksEvaluation()) {
            evaluate(step);
        }
    }

    @Override
    public boolean stepped(StepRecord step) {
        last = Optional.of(step);
        logs.stepped(step, badImages.count());
        progress.stepped(step);
        // Saved before it is evaluated, which may take long: a continued run makes up for an evaluation, not for steps.
        boolean saved = saveDue(step);
        saveUnless(!saved, step);
        try {
            evaluate(step.globalStep());
        } catch (RuntimeException | Error e) {
            saveUnless(saved, step); // what was learned does not depend on what could not be evaluated
            throw e;
        }
        boolean goOn = !stop.isAsked();
        saveUnless(saved || goOn, step);
        return goOn;
    }

    private void saveUnless(boolean unneeded, StepRecord step) {
        if (!unneeded) {
            save(step);
        }
    }

    private void evaluate(long globalStep) {
        job.evaluation().filter(evaluation -> evaluation.due(plan, globalStep, job.lastStep())).ifPresent(evaluation -> {
            try {
                RetrievalReport report = evaluation.evaluate(replicas, stop);
                if (evaluation.repeated()) {
                    keepBest(report.rsum(), globalStep);
                }
                int epoch = plan.epochOf(globalStep - 1);
                logs.evaluated(epoch, globalStep, report);
                LOG.info("After epoch {}:\n{}", epoch + 1, report.toText());
            } catch (StoppedException e) {
                LOG.info("Evaluation cut off; it is made up for when the run is continued");
            }
        });
    }

    /** Before the evaluation is logged: if the run dies in between, it is evaluated, and saved, again. */
    private void keepBest(double rsum, long globalStep) {
        if (bestRsum.isEmpty() || rsum > bestRsum.getAsDouble()) {
            bestRsum = OptionalDouble.of(rsum);
            checkpoints.save(job.folder().bestCheckpoint(), globalStep);
            LOG.info("Best recalls so far (their sum is {}): saved {}", String.format(Locale.ROOT, "%.1f", rsum), job.folder().bestCheckpoint());
        }
    }

    @Override
    public void close() {
        progress.close();
    }

    private boolean saveDue(StepRecord step) {
        long saveSteps = job.settings().saveSteps();
        return step.globalStep() == job.lastStep() || saveSteps > 0 && step.globalStep() % saveSteps == 0;
    }

    /** The final name is given after the very last step only; a run that stops early leaves a checkpoint to go on from. */
    private void save(StepRecord step) {
        boolean last = step.globalStep() == plan.totalSteps();
        Path file = last ? job.folder().finalCheckpoint() : job.folder().checkpoint(step.epoch(), step.globalStep());
        logs.force(); // a checkpoint never knows of steps that the logs do not
        checkpoints.save(file, step.globalStep());
        LOG.info("Saved {}", file);
    }
}
