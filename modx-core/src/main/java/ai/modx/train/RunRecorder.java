package ai.modx.train;

import ai.modx.data.StopRequest;
import ai.modx.data.StopRequest.StoppedException;
import ai.modx.eval.RetrievalReport;
import ai.modx.parallel.ReplicaGroup;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens after every step of a run: it is logged, told, evaluated and saved, each when it is time. */
final class RunRecorder implements Trainer.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(RunRecorder.class);

    private final TrainingJob job;
    private final TrainingPlan plan;
    private final ReplicaGroup replicas;
    private final RunLogs logs;
    private final RunCheckpoints checkpoints;
    private final ConsoleProgress progress;
    private final StopRequest stop;
    private Optional<StepRecord> last = Optional.empty();

    RunRecorder(TrainingJob job, ReplicaGroup replicas, RunLogs logs, RunCheckpoints checkpoints, StopRequest stop) {
        this.job = job;
        this.plan = job.plan();
        this.replicas = replicas;
        this.logs = logs;
        this.checkpoints = checkpoints;
        this.progress = new ConsoleProgress(plan, job.lastStep());
        this.stop = stop;
    }

    /** The last step taken now. */
    Optional<StepRecord> last() {
        return last;
    }

    /** Makes up for an evaluation that a signal cut off. */
    void catchUp() {
        long step = job.start().globalStep();
        if (step > 0 && logs.lacksEvaluation()) {
            evaluate(plan.epochOf(step - 1), step);
        }
    }

    @Override
    public boolean stepped(StepRecord step) {
        last = Optional.of(step);
        logs.stepped(step);
        progress.stepped(step);
        // Saved before it is evaluated, which may take long: a continued run makes up for an evaluation, not for steps.
        boolean saved = saveDue(step);
        saveUnless(!saved, step);
        try {
            evaluate(step.epoch(), step.globalStep());
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

    private void evaluate(int epoch, long globalStep) {
        job.evaluation().filter(evaluation -> evaluation.due(plan, globalStep, job.lastStep())).ifPresent(evaluation -> {
            try {
                RetrievalReport report = evaluation.evaluate(replicas, stop);
                logs.evaluated(epoch, globalStep, report);
                LOG.info("After epoch {}:\n{}", epoch + 1, report.toText());
            } catch (StoppedException e) {
                LOG.info("Evaluation cut off; it is made up for when the run is continued");
            }
        });
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
        checkpoints.save(file, step);
        LOG.info("Saved {}", file);
    }
}
