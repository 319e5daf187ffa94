package ai.modx.train;

import ai.djl.Device;
import ai.modx.config.ConfigException;
import ai.modx.data.CaptionDataset;
import ai.modx.data.ImageView;
import ai.modx.data.image.ImageTransform;
import ai.modx.kernels.KernelVerification;
import ai.modx.model.ClipParameters;
import ai.modx.model.Computation;
import ai.modx.model.ModelConfig;
import ai.modx.optim.CosineWarmup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One training run, everything decided and checked, nothing started.
 *
 * @param command     name of the method, part of the run's identity
 * @param arguments   the command line as it was given
 * @param flags       what all flags came to after recipe and defaults, for the record
 * @param modelName   name of the architecture
 * @param model       the architecture
 * @param computation how it is computed
 * @param devices     one replica on each
 * @param data        the pairs
 * @param settings    how to train
 * @param method      the method's own settings, by flag
 * @param start       where the weights come from
 * @param folder      where results go
 * @param evaluation  what to evaluate meanwhile
 */
public record TrainingJob(
        String command, List<String> arguments, Map<String, Object> flags, String modelName, ModelConfig model, Computation computation, List<Device> devices,
        CaptionDataset data, TrainingSettings settings, Map<String, Object> method, StartingPoint start, RunFolder folder,
        Optional<PeriodicEvaluation> evaluation) {

    /** Which samples go into which step. */
    public TrainingPlan plan() {
        return new TrainingPlan(data.size(), globalBatch(), settings.accumulation(), settings.epochs());
    }

    /** The learning rate of every step. */
    CosineWarmup schedule() {
        return CosineWarmup.over(plan().totalSteps(), settings.learningRate());
    }

    /** Pairs of a micro-batch over all devices, before it is cut to the size of the data set. */
    public int globalBatch() {
        double batch = (double) settings.batchPerDevice() * settings.chunks() * devices.size();
        if (batch > Integer.MAX_VALUE) {
            throw new ConfigException(String.format(Locale.ROOT, "--per_gpu_train_batch_size %d with --accum_freq %d on %d devices makes a global batch "
                    + "of %.0f: expected at most %d", settings.batchPerDevice(), settings.chunks(), devices.size(), batch, Integer.MAX_VALUE));
        }
        return (int) batch;
    }

    /** Steps after which the run stops: all of them, or {@code --max_steps}. */
    long lastStep() {
        return Math.min(plan().totalSteps(), settings.maxSteps().orElse(Long.MAX_VALUE));
    }

    /**
     * What a run must have in common with the one it continues, by the names of the flags. Everything here changes the
     * numbers; what does not (number of workers, saving, folders) is left out.
     */
    Map<String, Object> identity() {
        TrainingPlan plan = plan();
        Map<String, Object> identity = new LinkedHashMap<>();
        identity.put("command", command);
        identity.put(StatedModel.MODEL, model.toMap());
        identity.put("precision", computation.precision().toString());
        identity.put("short_texts", computation.shortTexts()); // the same but for rounding
        identity.put("images", data.size());
        identity.put("captions", data.captionCount());
        identity.put("data", data.fingerprint());
        identity.put("devices", devices.size());
        identity.put("global_batch", plan.batchSize());
        identity.put("accum_freq", settings.chunks()); // the same but for rounding, and for what batch normalisation sees
        identity.put("gradient_accumulation_steps", settings.accumulation());
        identity.put("num_train_epochs", settings.epochs());
        identity.put("params_lr", settings.learningRate());
        identity.put("params_weight_decay", settings.weightDecay());
        identity.put("params_eps", settings.eps());
        settings.gradClipNorm().ifPresent(norm -> identity.put("grad_clip_norm", norm));
        identity.put("seed", settings.seed());
        identity.put("order", settings.shuffled() ? "shuffled" : "sequential");
        identity.put("caption", settings.caption().name().toLowerCase(Locale.ROOT));
        identity.putAll(method);
        return identity;
    }

    /** Checks that batch normalisation has more than one value of every channel to take the variance of. */
    void requireStatistics() {
        if (model.isResNet() && model.visionGrid() == 1 && smallestChunk() < 2) {
            throw new ConfigException("A ResNet of " + model.imageResolution() + " pixels a side ends in maps of one pixel, which batch normalisation "
                    + "cannot normalise over one image: raise --per_gpu_train_batch_size to 2 or more, with at least as many images for each device and chunk");
        }
    }

    /** Pairs that a replica computes at once, at least. */
    private int smallestChunk() {
        return plan().batchSize() / Math.multiplyExact(devices.size(), settings.chunks());
    }

    /** The same, computed as it can be trusted on this machine: may take seconds, the first time. */
    TrainingJob verified() {
        int pairs = Math.max(1, smallestChunk());
        return new TrainingJob(command, arguments, flags, modelName, model, KernelVerification.ofThisMachine().verified(model, computation, devices, pairs, pairs), devices,
                data, settings, method, start, folder, evaluation);
    }

    long parameterCount() {
        return ClipParameters.count(model);
    }

    /** How the images are loaded. */
    public ImageView view() {
        return settings.cache().keep(ImageView.of(ImageTransform.clip(model.imageResolution())), data.files());
    }
}
