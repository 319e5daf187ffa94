package ai.modx.lineareval;

import ai.djl.ndarray.NDArray;
import ai.modx.data.BadImages;
import ai.modx.data.Progress;
import ai.modx.data.ProgressLine;
import ai.modx.torch.TensorCopy;
import ai.modx.torch.TensorSource;
import ai.modx.train.FiniteWeights;
import ai.modx.train.RunIdentity;
import ai.modx.train.RunJson;
import ai.modx.train.TrainingPlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down how a linear evaluation goes: the original's lines of {@code stats.txt}, and {@code checkpoint.pth} after epochs; and tells
 * those who watch.
 */
final class ProbeProgress implements ProbeTraining.Listener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProbeProgress.class);

    /** Epochs on remembered features take milliseconds; telling and saving each would take longer. */
    private static final long PAUSE_NANOS = 1_000_000_000;

    private static final long NEVER = -1;

    private final ProbeJob job;
    private final TrainingPlan plan;
    private final ProbeReplicas replicas;
    private final ProbeOptimizer optimizer;
    private final ProbeLogs logs;
    private final BadImages badImages;
    private final ProgressLine live = new ProgressLine();
    private final long lastStep;
    private final long firstStep;
    private final long start = System.nanoTime();
    private long told = start - PAUSE_NANOS;
    private long lastSaved = NEVER;
    private int evaluated;
    private Optional<Accuracy> best;

    /** @param saved the interrupted run that is continued */
    ProbeProgress(ProbeJob job, ProbeReplicas replicas, ProbeOptimizer optimizer, ProbeLogs logs, BadImages badImages,
            Optional<ProbeCheckpoint> saved) {
        this.job = job;
        this.plan = job.plan();
        this.replicas = replicas;
        this.optimizer = optimizer;
        this.logs = logs;
        this.badImages = badImages;
        firstStep = saved.map(ProbeCheckpoint::globalStep).orElse(0L);
        lastStep = job.lastStep();
        evaluated = saved.map(ProbeCheckpoint::evaluated).orElse(0);
        best = saved.flatMap(ProbeCheckpoint::best);
    }

    /** Epochs whose accuracy is known. */
    int evaluated() {
        return evaluated;
    }

    Optional<Accuracy> best() {
        return best;
    }

    @Override
    public void stepped(int epoch, long step, double loss) {
        if (step % job.settings().printFreq() == 0) {
            Map<String, Number> numbers = new LinkedHashMap<>();
            numbers.put("lr_backbone", optimizer.encoderRate(epoch));
            numbers.put("lr_classifier", optimizer.classifierRate(epoch));
            numbers.put("loss", loss);
            badImages.count().ifPresent(count -> numbers.put("bad_images", count));
            logs.trained(step + 1, numbers);
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("epoch", epoch);
            line.put("step", step);
            line.putAll(numbers);
            line.put("time", (System.nanoTime() - start) / 1_000_000_000);
            logs.line(RunJson.line(line));
            if (!job.settings().cachesFeatures()) {
                LOG.info(String.format(Locale.ROOT, "Epoch %d of %d, step %d of %d: lr %.6f, loss %.4f", epoch + 1, plan.epochs(), step + 1,
                        plan.totalSteps(), optimizer.classifierRate(epoch), loss));
            }
        }
        live.show(() -> progress(epoch, step + 1, loss));
    }

    private Progress progress(int epoch, long steps, double loss) {
        double secondsPerStep = (System.nanoTime() - start) * 1e-9 / (steps - firstStep); // with the evaluations in between
        List<String> parts = new ArrayList<>();
        parts.add("epoch " + (epoch + 1) + "/" + plan.epochs());
        parts.add("step " + steps + "/" + lastStep);
        parts.add(String.format(Locale.ROOT, "loss %.4f", loss));
        parts.add(Progress.duration(secondsPerStep * (lastStep - steps)) + " left");
        best.ifPresent(top -> parts.add(String.format(Locale.ROOT, "best acc@1 %.2f", top.acc1())));
        parts.add(String.format(Locale.ROOT, "lr %.2e", optimizer.classifierRate(epoch)));
        return new Progress(parts);
    }

    @Override
    public void trained(long steps) {
        if (!job.settings().cachesFeatures()) {
            save(steps);
        }
    }

    @Override
    public void evaluated(Accuracy accuracy) {
        evaluated = accuracy.epoch() + 1;
        lastSaved = NEVER; // what was saved does not know this accuracy
        best = Optional.of(best.map(before -> before.better(accuracy)).orElse(accuracy));
        Accuracy top = best.get();
        logs.evaluated((long) evaluated * plan.stepsPerEpoch(), accuracy.scalars());
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("epoch", accuracy.epoch());
        line.put("acc1", accuracy.acc1());
        line.put("acc5", accuracy.acc5());
        line.put("best_acc1", top.acc1());
        line.put("best_acc5", top.acc5());
        line.put("mean_recall", accuracy.meanRecall());
        line.put("best_epoch", top.epoch());
        line.put("normalize", job.normalize());
        line.put("protocol", job.settings().protocol());
        logs.line(RunJson.line(line));
        if (!job.settings().cachesFeatures() || System.nanoTime() - told >= PAUSE_NANOS) {
            told = System.nanoTime();
            LOG.info("Epoch {} of {}: {}; best in epoch {}, acc@1 {} ({})", accuracy.epoch() + 1, plan.epochs(), accuracy, top.epoch() + 1,
                    String.format(Locale.ROOT, "%.2f", top.acc1()), job.label());
            save((long) (accuracy.epoch() + 1) * plan.stepsPerEpoch());
        }
    }

    /** Saves the run as it is after so many steps, unless it was saved just then. */
    void save(long steps) {
        if (steps == lastSaved) {
            return;
        }
        lastSaved = steps;
        int epochs = Math.toIntExact(steps / plan.stepsPerEpoch());
        Map<String, NDArray> classifier = replicas.first().classifier().state();
        Map<String, NDArray> encoder = job.settings().trainsEncoder() ? replicas.first().encoder().state() : Map.of();
        FiniteWeights.require(classifier, steps, "lower --lr-classifier");
        FiniteWeights.require(encoder, steps, "lower --lr-backbone");
        long statsLines = logs.force(); // a checkpoint never knows of steps that the logs do not
        new ProbeCheckpoint(epochs, steps, evaluated, best, copies(classifier), copies(encoder), optimizer.state(epochs), scheduler(epochs),
                RunIdentity.of(job.identity()), badImages.indices(), statsLines)
                .write(job.checkpoint());
    }

    @Override
    public void close() {
        live.close();
    }

    private static Map<String, TensorSource> copies(Map<String, NDArray> arrays) {
        Map<String, TensorSource> copies = new LinkedHashMap<>();
        arrays.forEach((name, array) -> copies.put(name, TensorCopy.lazily(array)));
        return copies;
    }

    /** What torch's CosineAnnealingLR keeps. */
    private Map<String, Object> scheduler(int epochs) {
        List<Object> base = job.settings().trainsEncoder() ? List.of(job.settings().classifierRate(), job.settings().encoderRate())
                : List.of(job.settings().classifierRate());
        List<Object> last = job.settings().trainsEncoder() ? List.of(optimizer.classifierRate(epochs), optimizer.encoderRate(epochs))
                : List.of(optimizer.classifierRate(epochs));
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("T_max", plan.epochs());
        state.put("eta_min", 0);
        state.put("base_lrs", base);
        state.put("last_epoch", epochs);
        state.put("_step_count", epochs + 1);
        state.put("_last_lr", last);
        return state;
    }
}
