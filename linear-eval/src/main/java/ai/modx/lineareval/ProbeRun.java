package ai.modx.lineareval;

import ai.modx.checkpoint.CheckpointException;
import ai.modx.checkpoint.SaveException;
import ai.modx.config.Count;
import ai.modx.config.ShellWords;
import ai.modx.data.BadImagePolicy;
import ai.modx.data.BadImages;
import ai.modx.data.BatchLoader;
import ai.modx.data.EpochOrder;
import ai.modx.data.ImageFolder;
import ai.modx.data.ImageSamples;
import ai.modx.data.ImageView;
import ai.modx.data.Samples;
import ai.modx.data.StopRequest;
import ai.modx.data.image.ImageTransform;
import ai.modx.data.image.RandomResizedCrop;
import ai.modx.kernels.KernelVerification;
import ai.modx.torch.DeviceNames;
import ai.modx.torch.HostTensor;
import ai.modx.torch.Versions;
import ai.modx.train.DivergedException;
import ai.modx.train.RunIdentity;
import ai.modx.train.RunJson;
import ai.modx.train.RunLock;
import ai.modx.train.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out a {@link ProbeJob}: sets up, trains, logs, saves. A run that was interrupted goes on where it was. */
final class ProbeRun {

    private static final Logger LOG = LoggerFactory.getLogger(ProbeRun.class);

    private final ProbeJob job;
    private final TrainingPlan plan;
    private final Optional<ProbeCheckpoint> saved;
    private final BadImages badImages;

    /** Checks what can be checked without starting. */
    ProbeRun(ProbeJob job) {
        this.job = job;
        plan = job.plan();
        BatchLoader.imageBytes(plan.batchSize(), side()); // refused now, if they are too many
        saved = ProbeCheckpoint.find(job.checkpoint());
        boolean same = saved.map(run -> RunIdentity.of(job.identity()).requireSame(job.checkpoint().toString(), run.identity(), job.continuation(),
                "choose another --checkpoint-dir")).orElse(true);
        saved.ifPresent(this::requireFitting);
        badImages = new BadImages(job.settings().badImages(), job.settings().seed(),
                saved.filter(run -> same).map(ProbeCheckpoint::badImages).orElse(List.of()));
        job.settings().badImages().requireUsable(job.data().train().files());
        BadImagePolicy.requireAllUsable(job.data().validation().files());
    }

    /** What {@code --force} cannot get around: the interrupted run must have trained the same tensors. */
    private void requireFitting(ProbeCheckpoint run) {
        String before = run.trained();
        String now = ProbeCheckpoint.trained(job.data().train().classes().size(), job.backbone().config().embedDim(), job.settings().trainsEncoder());
        if (!before.equals(now)) {
            throw new CheckpointException(job.checkpoint() + " trained " + before + ", this run trains " + now + ". Choose another --checkpoint-dir");
        }
    }

    /** Says what would be done. */
    void describe() {
        LOG.info("linear-eval: {} with {} features, {} on {}; {}", job.backbone().name(), job.backbone().config().embedDim(),
                job.backbone().computation().precision(), DeviceNames.of(job.devices()), job.label());
        LOG.info("{} classes, {} training and {} validation images; batches of {}, {} per epoch, {}",
                job.data().train().classes().size(), job.data().train().size(), job.data().validation().size(), plan.batchSize(),
                Count.of(plan.stepsPerEpoch(), "step"), Count.of(plan.epochs(), "epoch"));
        if (plan.batchSize() < job.settings().batchSize()) {
            LOG.warn("There are fewer training images than the --batch-size of {}: training with batches of {}", job.settings().batchSize(), plan.batchSize());
        }
    }

    /**
     * Trains to the end, to {@code --max_steps}, or until asked to stop.
     *
     * @return a sentence for a person
     */
    String execute(StopRequest stop) {
        describe();
        long from = saved.map(ProbeCheckpoint::globalStep).orElse(0L);
        long to = job.lastStep();
        if (from >= to && !lacksEvaluation()) {
            return summary(from, from == plan.totalSteps(), saved.flatMap(ProbeCheckpoint::best));
        }
        createFolder();
        Backbone right = job.backbone().with(KernelVerification.ofThisMachine().verified(job.backbone().config(), job.backbone().computation(), job.devices(),
                Math.max(1, plan.batchSize() / job.devices().size()), 0));
        Backbone backbone = saved.filter(run -> job.settings().trainsEncoder()).map(run -> right.with(run.encoderState())).orElse(right);
        Map<String, HostTensor> classifier = saved.map(ProbeCheckpoint::classifierState).orElseGet(() -> LinearClassifier.initialState(
                job.data().train().classes().size(), job.backbone().config().embedDim(), job.settings().seed()));
        try (RunLock lock = new RunLock("--checkpoint-dir", List.of(job.folder()));
                ProbeReplicas replicas = new ProbeReplicas(job.devices(), backbone, job.settings().trainsEncoder(), classifier);
                ProbeOptimizer optimizer = new ProbeOptimizer(replicas.first(), job.settings());
                ProbeLogs logs = new ProbeLogs(job, saved)) {
            describeIn(job.description());
            saved.ifPresentOrElse(run -> {
                optimizer.restore(run.optimizer());
                LOG.info("Continuing after step {} of {}", run.globalStep(), plan.totalSteps());
            }, () -> logs.line(ShellWords.join(job.arguments())));
            ProbeTraining training = new ProbeTraining(plan, new EpochOrder(job.settings().seed(), plan.samples(), job.settings().shuffled()),
                    replicas, optimizer, train(replicas, stop), validation(replicas, stop));
            try (ProbeProgress progress = new ProbeProgress(job, replicas, optimizer, logs, badImages, saved)) {
                long steps = training.run(from, to, saved.map(ProbeCheckpoint::evaluated).orElse(0), stop, progress);
                progress.save(steps);
                badImages.report();
                return summary(steps, progress.evaluated() == plan.epochs(), progress.best());
            }
        } catch (DivergedException e) {
            throw e.after(Optional.of(job.checkpoint()).filter(Files::exists));
        }
    }

    /** Whether the interrupted run ended before its last epoch was evaluated. */
    private boolean lacksEvaluation() {
        return saved.filter(run -> run.evaluated() < run.epoch()).isPresent();
    }

    private String summary(long steps, boolean finished, Optional<Accuracy> best) {
        String result = best.map(accuracy -> "; best epoch " + (accuracy.epoch() + 1) + ": " + accuracy + " (" + job.label() + ")").orElse("");
        return finished ? "Done after " + Count.of(plan.epochs(), "epoch") + result + ": " + job.checkpoint()
                : "Stopped after " + steps + " of " + Count.of(plan.totalSteps(), "step") + result + "; give the same command again to continue";
    }

    private ProbeInput train(ProbeReplicas replicas, StopRequest stop) {
        ImageFolder images = job.data().train();
        if (job.settings().cachesFeatures()) {
            return remembered("training", encoded(images, badImages.guard(centred(images))), replicas, stop);
        }
        return encoded(images, badImages.guard(ImageSamples.of(images.files(), ImageView.cropped(new RandomResizedCrop(side()), job.settings().seed()))));
    }

    private ProbeInput validation(ProbeReplicas replicas, StopRequest stop) {
        ImageFolder images = job.data().validation();
        ProbeInput input = encoded(images, centred(images));
        return job.settings().cachesFeatures() ? remembered("validation", input, replicas, stop) : input;
    }

    private ProbeInput remembered(String what, ProbeInput images, ProbeReplicas replicas, StopRequest stop) {
        LOG.info("Computing the features of {} {} images", images.labels().length, what);
        return replicas.remember(images, plan.batchSize(), stop);
    }

    private Samples centred(ImageFolder images) {
        return ImageSamples.of(images.files(),
                job.settings().cache().keep(ImageView.centred(ImageTransform.linearEvaluation(side())), images.files()));
    }

    private ProbeInput encoded(ImageFolder images, Samples samples) {
        return new EncodedImages(samples, images.labels(), job.settings().workers(), job.devices());
    }

    private int side() {
        return job.backbone().config().imageResolution();
    }

    private void createFolder() {
        try {
            Files.createDirectories(job.folder());
        } catch (IOException e) {
            throw SaveException.ofFolder(job.folder(), e);
        }
    }

    private void describeIn(Path file) {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("arguments", job.arguments());
        description.put("flags", job.flags());
        description.put("identity", job.identity());
        description.put("model_name", job.backbone().name());
        description.put("classes", job.data().train().classes());
        description.put("train_images", job.data().train().size());
        description.put("val_images", job.data().validation().size());
        description.put("steps_per_epoch", plan.stepsPerEpoch());
        description.putAll(Versions.running());
        RunJson.write(file, description);
    }
}
