package ai.modx.train;

import ai.djl.pytorch.jni.JniUtils;
import ai.modx.checkpoint.Checkpoint;
import ai.modx.config.ConfigException;
import ai.modx.config.Count;
import ai.modx.data.BadImages;
import ai.modx.data.BatchLoader;
import ai.modx.data.CaptionTokens;
import ai.modx.data.EpochOrder;
import ai.modx.data.ImageSamples;
import ai.modx.data.Samples;
import ai.modx.data.StopRequest;
import ai.modx.optim.AdamW;
import ai.modx.parallel.ReplicaGroup;
import ai.modx.parallel.ShardedAdamW;
import ai.modx.text.ClipTokenizer;
import ai.modx.torch.DeviceNames;
import ai.modx.torch.Versions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
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
         * @param replicas  the model in training
         * @param job       what is trained
         * @param badImages guards samples of the job's data that the method loads for itself
         * @param stop      asked by whatever takes long
         */
        TrainingMethod create(ReplicaGroup replicas, TrainingJob job, BadImages badImages, StopRequest stop);
    }

    /**
     * What came of a run.
     *
     * @param finalCheckpoint present when the last step of the schedule was taken
     * @param globalStep      steps taken
     * @param totalSteps      of the schedule
     * @param lastLoss        of the last step, if any was taken now
     */
    public record Result(Optional<Path> finalCheckpoint, long globalStep, long totalSteps, Optional<Double> lastLoss) {

        /** One sentence for a person. */
        public String summary() {
            String loss = lastLoss.map(value -> String.format(Locale.ROOT, ", last loss %.4f", value)).orElse("");
            return finalCheckpoint.map(file -> "Done after " + Count.of(globalStep, "step") + loss + ": " + file)
                    .orElse("Stopped after " + globalStep + " of " + Count.of(totalSteps, "step") + loss);
        }
    }

    private final TrainingJob job;
    private final TrainingPlan plan;
    private final long lastStep;
    private final boolean same;

    /** Checks what can be checked without starting. */
    public TrainingRun(TrainingJob job) {
        this.job = job;
        plan = job.plan();
        ClipTokenizer.requireIn(job.model().vocabSize());
        job.requireStatistics();
        BatchLoader.imageBytes(plan.batchSize(), job.model().imageResolution()); // refused now, if they are too many
        lastStep = job.lastStep();
        same = job.start().requireSame(RunIdentity.of(job.identity()));
        if (!same) {
            requireContinuable();
        }
        job.settings().badImages().requireUsable(job.data().files());
    }

    /** Checks that the checkpoints of a run that goes on as another one cannot be taken for one another. */
    private void requireContinuable() {
        long steps = job.start().globalStep();
        boolean finished = Files.exists(job.folder().finalCheckpoint());
        if (steps > plan.totalSteps() || steps == plan.totalSteps() && !finished) {
            throw new ConfigException("--force: the checkpoint has taken " + Count.of(steps, "step") + ", and this run has " + plan.totalSteps()
                    + " in all. Give it more epochs, or start a new run from its weights with --checkpoint_path");
        }
        ResumePoint.newerThan(job.start(), job.folder()).ifPresent(file -> {
            throw new ConfigException("--force: " + file + " has more steps than the checkpoint to continue from, and would be mixed up with what "
                    + "comes now. Move it away, or continue in another --train_dir");
        });
    }

    /** Says what would be done. */
    public void describe() {
        LOG.info("{}: {} with {} parameters, {} on {}", job.command(), job.modelName(), String.format("%,d", job.parameterCount()),
                job.computation().precision(), DeviceNames.of(job.devices()));
        LOG.info("{} images with {} captions; global batch {}, {} per epoch, {}, {} in all", job.data().size(), job.data().captionCount(), plan.batchSize(),
                Count.of(plan.stepsPerEpoch(), "step"), Count.of(plan.epochs(), "epoch"), Count.of(plan.totalSteps(), "step"));
        if (plan.leftOut() > 0) {
            LOG.info("Each epoch leaves out {}, which would not fill a batch{}", Count.of(plan.leftOut(), "image"),
                    job.settings().shuffled() ? "; other ones each time" : "");
        }
        if (plan.batchSize() < job.globalBatch()) {
            LOG.warn("The data set is smaller than the global batch of {}: training with batches of {}", job.globalBatch(), plan.batchSize());
        }
        CheckpointSpace.shortage(job, job.folder().freeBytes()).ifPresent(LOG::warn);
    }

    /**
     * Trains to the end, to {@code --max_steps}, or until asked to stop.
     *
     * @throws StopRequest.StoppedException if asked to stop before the first step
     */
    public Result execute(MethodFactory factory, StopRequest stop) {
        describe();
        job.folder().create();
        try (RunLock lock = new RunLock(job.folder())) {
            job.folder().deleteUnfinished(); // under the lock: it could be a file that another run is writing now
            try (RunLogs logs = RunLogs.open(job, plan)) {
                if (job.start().globalStep() >= lastStep && !logs.lacksEvaluation() && !lacksFinalCheckpoint()) {
                    LOG.info("The run has taken its {} already", Count.of(job.start().globalStep(), "step"));
                    return result(job.start().globalStep(), Optional.empty());
                }
                return train(factory, stop, logs);
            }
        }
    }

    /** Whether all steps were taken, but by a run in another folder, or the final checkpoint was lost and the best one tells as much. */
    private boolean lacksFinalCheckpoint() {
        return job.start().globalStep() == plan.totalSteps() && !job.start().isFile(job.folder().finalCheckpoint());
    }

    private Result train(MethodFactory factory, StopRequest stop, RunLogs logs) {
        TrainingSettings settings = job.settings();
        TrainingJob verified = job.verified();
        long firstStep = job.start().globalStep();
        BadImages badImages = new BadImages(settings.badImages(), settings.seed(), same ? job.start().badImages() : List.of());
        Samples samples = badImages.guard(ImageSamples.captioned(job.data().items(),
                new CaptionTokens(ClipTokenizer.load(), job.model().contextLength(), settings.caption(), settings.seed()),
                job.view()));
        try (ReplicaGroup replicas = new ReplicaGroup(job.model(), verified.computation(), job.devices(), settings.chunks(), job.start().weights().get());
                ShardedAdamW optimizer = replicas.optimizer(AdamW.Settings.of(settings.eps(), settings.weightDecay()))) {
            job.start().restore(optimizer);
            begin(logs, verified);
            System.gc(); // of the weights' copies, which lie outside of the heap and so would stay there unnoticed
            RunCheckpoints checkpoints = new RunCheckpoints(job, replicas, optimizer, badImages);
            if (lacksFinalCheckpoint()) {
                checkpoints.save(job.folder().finalCheckpoint(), firstStep);
            }
            RunRecorder recorder = new RunRecorder(job, replicas, logs, checkpoints, badImages, stop);
            recorder.catchUp();
            // Asked to stop, a step more would be saved, and the evaluation before it never made up for.
            if (firstStep >= lastStep || stop.isAsked()) {
                return result(firstStep, Optional.empty());
            }
            try (recorder; TrainingMethod method = factory.create(replicas, verified, badImages, stop)) {
                new Trainer(plan, job.schedule(), replicas, optimizer, method,
                        settings.gradClipNorm()).run(samples, new EpochOrder(settings.seed(), plan.samples(), settings.shuffled()), settings.workers(),
                        firstStep, lastStep, recorder);
            } catch (DivergedException e) {
                throw e.after(ResumePoint.newestFirst(job.folder()).stream().findFirst().or(() -> job.start().continued().map(Checkpoint::path)));
            }
            badImages.report();
            return result(recorder.last().map(StepRecord::globalStep).orElse(firstStep), recorder.last().map(StepRecord::loss));
        }
    }

    private void begin(RunLogs logs, TrainingJob verified) {
        long steps = job.start().globalStep();
        if (steps > 0) {
            LOG.info("Continuing after step {} of {}", steps, plan.totalSteps());
        }
        if (!same) {
            job.folder().takeFinalNameAway(plan.epochOf(steps - 1), steps);
        }
        Map<String, Object> description = description();
        description.put("linear_layers", verified.computation().convolvesLinear(job.devices().get(0).isGpu()) ? "onednn" : "torch"); // which round differently
        logs.started(job.arguments(), description);
        if (steps == 0 || !same || !Files.exists(job.folder().description())) { // the last one: continued in another folder
            RunJson.write(job.folder().description(), description);
        }
    }

    private Result result(long steps, Optional<Double> lastLoss) {
        boolean finished = steps >= plan.totalSteps();
        return new Result(finished ? Optional.of(job.folder().finalCheckpoint()) : Optional.empty(), steps, plan.totalSteps(), lastLoss);
    }

    private Map<String, Object> description() {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("arguments", job.arguments());
        description.put("model_name", job.modelName());
        description.putAll(job.identity());
        description.put("parameters", job.parameterCount());
        description.put("steps_per_epoch", plan.stepsPerEpoch());
        description.put("total_steps", plan.totalSteps());
        description.put("device_names", DeviceNames.of(job.devices()));
        description.put("flags", job.flags());
        description.put("saved_checkpoints", job.folder().checkpoints().toAbsolutePath().normalize().toString());
        description.put("threads", JniUtils.getNumThreads()); // another number of them rounds differently
        description.putAll(Versions.running());
        return description;
    }
}
