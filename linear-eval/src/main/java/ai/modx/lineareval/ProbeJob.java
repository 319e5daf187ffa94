package ai.modx.lineareval;

import ai.djl.Device;
import ai.modx.train.RunIdentity.Continuation;
import ai.modx.train.TrainingPlan;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A linear evaluation as it was asked for.
 *
 * @param arguments the command line
 * @param flags     what all flags came to
 * @param normalize name of the pixel statistics
 * @param folder    {@code --checkpoint-dir}
 * @param continuation whether a run in the folder may be another one
 */
record ProbeJob(
        List<String> arguments, Map<String, Object> flags, Backbone backbone, String normalize, ProbeData data, List<Device> devices,
        ProbeSettings settings, Path folder, Continuation continuation) {

    Path checkpoint() {
        return folder.resolve("checkpoint.pth");
    }

    Path stats() {
        return folder.resolve("stats.txt");
    }

    Path description() {
        return folder.resolve("run.json");
    }

    /** As in training, images that do not fill a batch are left out of an epoch. */
    TrainingPlan plan() {
        return new TrainingPlan(data.train().size(), settings.batchSize(), 1, settings.epochs());
    }

    /** Steps after which the run stops: all of them, or {@code --max_steps}. */
    long lastStep() {
        return Math.min(plan().totalSteps(), settings.maxSteps().orElse(Long.MAX_VALUE));
    }

    /** What decides about every bit of the result, by flag. */
    Map<String, Object> identity() {
        Map<String, Object> identity = new LinkedHashMap<>();
        identity.put("--cnn with fingerprint", backbone.fingerprint());
        identity.put("model", backbone.config().toMap());
        identity.put("--precision", backbone.computation().precision().toString());
        identity.put("--normalize", normalize);
        identity.put("classes", data.train().classes().size());
        identity.put("--train_dir with fingerprint", data.train().fingerprint());
        identity.put("--val_dir with fingerprint", data.validation().fingerprint());
        identity.put("--weights", settings.trainsEncoder() ? "finetune" : "freeze");
        identity.put("--cache_features", settings.cachesFeatures());
        identity.put("--epochs", settings.epochs());
        identity.put("--batch-size", settings.batchSize());
        identity.put("--lr-backbone", settings.encoderRate());
        identity.put("--lr-classifier", settings.classifierRate());
        identity.put("--weight-decay", settings.weightDecay());
        identity.put("--seed", settings.seed());
        identity.put("--order", settings.shuffled() ? "shuffled" : "sequential");
        identity.put("number of --devices", devices.size());
        return identity;
    }

    /** What a result must be read with. */
    String label() {
        return String.format(Locale.ROOT, "%s encoder, %s, %s statistics", settings.trainsEncoder() ? "finetuned" : "frozen",
                settings.cachesFeatures() ? "cached centre-crop features" : "random crops", normalize);
    }
}
