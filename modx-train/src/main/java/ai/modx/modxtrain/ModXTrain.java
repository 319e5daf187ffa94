package ai.modx.modxtrain;

import ai.djl.ndarray.NDManager;
import ai.modx.cli.CommandRunner;
import ai.modx.cli.FlagBounds;
import ai.modx.cli.PhasedCommand;
import ai.modx.cli.PhasedOptions;
import ai.modx.cli.RecipeOption;
import ai.modx.cli.TrainingOptions;
import ai.modx.data.BadImages;
import ai.modx.data.ImageSamples;
import ai.modx.data.Samples;
import ai.modx.data.StopRequest;
import ai.modx.eval.FeatureEncoder;
import ai.modx.modxtrain.ModXMethod.Reduction;
import ai.modx.parallel.ReplicaGroup;
import ai.modx.text.ClipTokenizer;
import ai.modx.torch.HostTensor;
import ai.modx.train.TrainingJob;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Continual training with Mod-X, one phase or all. */
@Command(name = "modx-train",
        description = "Train a CLIP model on new data in phases with Mod-X: keep what the model of the phase before knows of pairs that "
                + "do not belong together. Default seed: 0.")
public final class ModXTrain implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(ModXTrain.class);

    /** The global batch that the published alpha of 20 belongs to: 4 GPUs x 70. */
    private static final int PUBLISHED_BATCH = 280;
    private static final double PUBLISHED_ALPHA = 20;
    /** Far less than makes a difference: alpha as a person rounds it. */
    private static final double CLOSE = 0.1;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RecipeOption recipe;

    @Mixin
    private PhasedOptions phases;

    @ArgGroup(validate = false, order = 15, heading = "%nMod-X:%n")
    private final ModX modx = new ModX();

    @Mixin
    private TrainingOptions training;

    /** Phases have the same batch, or nearly: what it does to alpha is said once. */
    private boolean warned;

    private static final class ModX {

        @Option(names = "--alpha", required = true, paramLabel = "A", description = "weight of the alignment loss; published: 20, at a global batch of 280")
        private double alpha;

        @Option(names = "--distill_reduction", defaultValue = "sum", paramLabel = "R",
                description = "sum: over the rows of a batch, as released, so that alpha depends on the batch; mean: divided by them "
                        + "(published strength: alpha 5600) (default: ${DEFAULT-VALUE})")
        private Reduction reduction;

        @Option(names = "--teacher_features", defaultValue = "once", paramLabel = "WHEN",
                description = "once: compute the old model's features once per phase; every_step: anew in each step; the result is the same "
                        + "(default: ${DEFAULT-VALUE})")
        private TeacherFeatures teacher;
    }

    /** The value of {@code --teacher_features}. */
    private enum TeacherFeatures {
        ONCE,
        EVERY_STEP
    }

    @Override
    public Integer call() {
        FlagBounds.notNegative("--alpha", modx.alpha);
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("alpha", modx.alpha);
        settings.put("distill_reduction", modx.reduction.name().toLowerCase(Locale.ROOT));
        settings.put("teacher_features", modx.teacher.name().toLowerCase(Locale.ROOT));
        return new PhasedCommand(spec, training, phases, settings)
                .run(old -> (replicas, job, badImages, stop) -> method(old, replicas, job, badImages, stop));
    }

    private ModXMethod method(Map<String, HostTensor> old, ReplicaGroup replicas, TrainingJob job, BadImages badImages, StopRequest stop) {
        if (!warned) {
            warnOfOtherBatch(job.plan().batchSize());
            warned = true;
        }
        ReplicaGroup teacher = new ReplicaGroup(job.model(), job.computation(), job.devices(), job.settings().chunks(), old);
        if (modx.teacher == TeacherFeatures.EVERY_STEP) {
            return new ModXMethod(replicas.model().manager(), new FrozenModel(teacher), modx.alpha, modx.reduction);
        }
        try (teacher) {
            LOG.info("Computing the old model's features of {} images and {} captions", job.data().size(), job.data().captionCount());
            FeatureEncoder encoder = new FeatureEncoder(teacher, ClipTokenizer.load(),
                    RememberedFeatures.encoderSettings(job.settings().workers(), job.settings().cache(), job.computation().shortTexts()), stop);
            Samples images = badImages.guard(ImageSamples.of(job.data().files(), job.view()));
            NDManager manager = replicas.model().manager();
            Teacher remembered = new RememberedFeatures(manager, encoder, job.data(), images, job.settings());
            return new ModXMethod(manager, remembered, modx.alpha, modx.reduction);
        }
    }

    /** Summed over rows, the loss grows with the batch while the contrastive loss, a mean, does not. */
    private void warnOfOtherBatch(int batch) {
        double effect = modx.alpha * batch / PUBLISHED_BATCH;
        if (modx.reduction == Reduction.SUM && batch != PUBLISHED_BATCH && Math.abs(effect - PUBLISHED_ALPHA) > CLOSE) {
            LOG.warn(String.format(Locale.ROOT, "--alpha %s at a global batch of %d acts like %.4g at the published %d. The published %.0f is --alpha %.4g here; "
                            + "--distill_reduction mean makes alpha independent of the batch",
                    modx.alpha, batch, effect, PUBLISHED_BATCH, PUBLISHED_ALPHA, PUBLISHED_ALPHA * PUBLISHED_BATCH / batch));
        }
    }

    public static void main(String[] arguments) {
        CommandRunner.exit(new ModXTrain(), arguments);
    }
}
