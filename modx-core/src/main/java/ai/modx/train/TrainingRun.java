package ai.modx.train;

import ai.djl.engine.Engine;
import ai.modx.checkpoint.AtomicFile;
import ai.modx.data.BatchLoader;
import ai.modx.data.CaptionSamples;
import ai.modx.data.CaptionTokens;
import ai.modx.data.EpochOrder;
import ai.modx.data.Samples;
import ai.modx.data.image.ImageTransform;
import ai.modx.eval.RetrievalReport;
import ai.modx.optim.AdamW;
import ai.modx.optim.CosineWarmup;
import ai.modx.parallel.ReplicaGroup;
import ai.modx.text.ClipTokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out a {@link TrainingJob}: sets up, trains, logs, saves. */
public final class TrainingRun {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);

    /** Makes the method once the model is on its devices. */
    @FunctionalInterface
    public interface MethodFactory {

        /**
         * @param replicas the model in training
         * @param job      what is trained
         */
        TrainingMethod create(ReplicaGroup replicas, TrainingJob job);
    }

    /**
     * What came of a run.
     *
     * @param finalCheckpoint present when the last step of the schedule was taken
     * @param globalStep      steps taken
     * @param lastLoss        of the last step, if any was taken now
     */
    public record Result(Optional<Path> finalCheckpoint, long globalStep, Optional<Double> lastLoss) {

        /** One sentence for a person. */
        public String summary() {
            String loss = lastLoss.map(value -> String.format(Locale.ROOT, ", last loss %.4f", value)).orElse("");
            return finalCheckpoint.map(file -> "Done after " + globalStep + " steps" + loss + ": " + file)
                    .orElse("Stopped after " + globalStep + " steps" + loss + "; continue with --resume latest");
        }
    }

    private final TrainingJob job;
    private final TrainingPlan plan;
    private final long lastStep;

    /** Checks what can be checked without starting. */
    public TrainingRun(TrainingJob job) {
        this.job = job;
        plan = job.plan();
        lastStep = job.lastStep();
        job.start().requireSame(job.identity());
        job.data().requireImages();
    }

    /** Says what would be done. */
    public void describe() {
        LOG.info("{}: {} with {} parameters, {} on {}", job.command(), job.modelName(), String.format("%,d", job.parameterCount()),
                job.computation().precision(), job.devices());
        LOG.info("{} images with {} captions; global batch {}, {} steps per epoch, {} epochs, {} steps in all",
                job.data().size(), job.data().captionCount(), plan.batchSize(), plan.stepsPerEpoch(), plan.epochs(), plan.totalSteps());
        if (plan.batchSize() < job.globalBatch()) {
            LOG.warn("The data set is smaller than the global batch of {}: training with batches of {}", job.globalBatch(), plan.batchSize());
        }
    }

    /** Trains to the end, or to {@code --max_steps}. */
    public Result execute(MethodFactory factory) {
        describe();
        if (job.start().globalStep() >= lastStep) {
            LOG.info("The run has taken its {} steps already", lastStep);
            return result(Optional.empty());
        }
        job.folder().create();
        Samples samples = new CaptionSamples(job.data().items(),
                new CaptionTokens(ClipTokenizer.load(), job.model().contextLength(), job.settings().caption(), job.settings().seed()),
                ImageTransform.clip(job.model().imageResolution()));
        try (ReplicaGroup replicas = new ReplicaGroup(job.model(), job.computation(), job.devices(), job.start().weights());
                AdamW optimizer = new AdamW(replicas.model().manager(), replicas.model().parameters(),
                        AdamW.Settings.of(job.settings().eps(), job.settings().weightDecay()));
                RunLogs logs = RunLogs.open(job, plan)) {
            job.start().restore(optimizer);
            if (job.start().globalStep() == 0) {
                Map<String, Object> description = description();
                logs.started(job.arguments(), description);
                write(job.folder().description(), RunLogs.json(description));
            } else {
                LOG.info("Continuing after step {} of {}", job.start().globalStep(), plan.totalSteps());
            }
            try (TrainingMethod method = factory.create(replicas, job)) {
                return train(replicas, optimizer, method, samples, logs);
            }
        }
    }

    private Result train(ReplicaGroup replicas, AdamW optimizer, TrainingMethod method, Samples samples, RunLogs logs) {
        TrainingSettings settings = job.settings();
        CosineWarmup schedule = CosineWarmup.over(plan.totalSteps(), settings.learningRate());
        RunCheckpoints checkpoints = new RunCheckpoints(job, replicas, optimizer);
        ConsoleProgress progress = new ConsoleProgress(plan, lastStep);
        EpochOrder order = new EpochOrder(settings.seed(), plan.samples(), settings.shuffled());
        StepRecord[] last = new StepRecord[1];
        new Trainer(plan, schedule, replicas, optimizer, method).run(samples, order, settings.workers(), job.start().globalStep(), lastStep, step -> {
            logs.stepped(step);
            progress.stepped(step);
            try {
                evaluate(replicas, step, logs);
            } catch (RuntimeException | Error e) {
                save(checkpoints, step, logs); // what was trained does not depend on what could not be evaluated
                throw e;
            }
            if (saveDue(step)) {
                save(checkpoints, step, logs);
            }
            last[0] = step;
        });
        return result(Optional.ofNullable(last[0]).map(StepRecord::loss));
    }

    private Result result(Optional<Double> lastLoss) {
        boolean finished = lastStep == plan.totalSteps();
        return new Result(finished ? Optional.of(job.folder().finalCheckpoint()) : Optional.empty(), lastStep, lastLoss);
    }

    private void evaluate(ReplicaGroup replicas, StepRecord step, RunLogs logs) {
        job.evaluation().filter(evaluation -> evaluation.due(plan, step.globalStep())).ifPresent(evaluation -> {
            RetrievalReport report = evaluation.evaluate(replicas.model());
            logs.evaluated(step, report);
            LOG.info("After epoch {}:\n{}", step.epoch() + 1, report.toText());
        });
    }

    private boolean saveDue(StepRecord step) {
        long saveSteps = job.settings().saveSteps();
        return step.globalStep() == lastStep || saveSteps > 0 && step.globalStep() % saveSteps == 0;
    }

    /** The final name is given after the very last step only; a run that stops early leaves a checkpoint to go on from. */
    private void save(RunCheckpoints checkpoints, StepRecord step, RunLogs logs) {
        boolean last = step.globalStep() == plan.totalSteps();
        Path file = last ? job.folder().finalCheckpoint() : job.folder().checkpoint(step.epoch(), step.globalStep());
        logs.force(); // a checkpoint never knows of steps that the logs do not
        checkpoints.save(file, step);
        LOG.info("Saved {}", file);
    }

    private Map<String, Object> description() {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("arguments", job.arguments());
        description.put("model_name", job.modelName());
        description.putAll(job.identity());
        description.put("parameters", job.parameterCount());
        description.put("steps_per_epoch", plan.stepsPerEpoch());
        description.put("total_steps", plan.totalSteps());
        description.put("device_names", job.devices().stream().map(Object::toString).toList());
        description.put("num_workers", job.settings().workers());
        description.put("save_steps", job.settings().saveSteps());
        description.put("libtorch", Engine.getInstance().getVersion());
        description.put("djl", Engine.getDjlVersion());
        description.put("java", System.getProperty("java.version"));
        return description;
    }

    private static void write(Path file, String text) {
        AtomicFile.write(file, channel -> channel.write(ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8))));
    }
}
