package ai.modx.lineareval;

import ai.djl.Device;
import ai.modx.cli.BadImageOptions;
import ai.modx.cli.DeviceList;
import ai.modx.cli.FlagBounds;
import ai.modx.cli.ReportOptions;
import ai.modx.config.ConfigException;
import ai.modx.data.ImageCache;
import ai.modx.model.Computation;
import ai.modx.model.LinearLayers;
import ai.modx.model.PixelStatistics;
import ai.modx.model.Precision;
import ai.modx.train.RunFolder;
import ai.modx.train.RunIdentity.Continuation;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags of linear evaluation. Names, defaults and meaning are the original's; those that it lacks come after in each group. */
final class ProbeOptions {

    @ArgGroup(validate = false, order = 10, heading = "%nData (folders with a sub-folder for each class):%n")
    private final Data data = new Data();

    @ArgGroup(validate = false, order = 20, heading = "%nModel:%n")
    private final Model model = new Model();

    @ArgGroup(validate = false, order = 30, heading = "%nOptimisation (SGD, momentum 0.9, a cosine over the epochs):%n")
    private final Optimisation optimisation = new Optimisation();

    @ArgGroup(validate = false, order = 40, heading = "%nOutput and continuation:%n")
    private final Output output = new Output();

    @Mixin
    private BadImageOptions badImages;

    @Mixin
    private ReportOptions report;

    @ArgGroup(validate = false, order = 50, heading = "%nHardware:%n")
    private final Hardware hardware = new Hardware();

    @ArgGroup(validate = false, order = 60, heading = "%nReproduction and comparison:%n")
    private final Comparison comparison = new Comparison();

    private static final class Data {

        @Option(names = "--train_dir", required = true, paramLabel = "DIR", description = "training images")
        private Path train;

        @Option(names = "--val_dir", required = true, paramLabel = "DIR", description = "validation images; all are used")
        private Path validation;

        @Option(names = "--train-percent", defaultValue = "100", paramLabel = "P",
                description = "share of the training images: 100, 10 or 1 (default: ${DEFAULT-VALUE})")
        private int percent;

        @Option(names = "--train_files", paramLabel = "LIST",
                description = "the images of the 10 or 1 percent, one a line, such as SimCLR's imagenet_subsets/10percent.txt")
        private Optional<Path> list = Optional.empty();

        @Option(names = "--normalize", defaultValue = "clip", paramLabel = "S",
                description = "pixel statistics: clip, those of CLIP's training; imagenet, the published protocol (default: ${DEFAULT-VALUE})")
        private Normalize normalize;

        @Option(names = "--cache_features",
                description = "train on the features of the middle of each image, computed once, instead of on random crops: "
                        + "thousands of epochs per minute, but a different protocol")
        private boolean cache;
    }

    private static final class Model {

        @Option(names = "--cnn", required = true, paramLabel = "FILE",
                description = "the model: .pt of this toolkit, of the Python original or of OpenAI, state dict, safetensors")
        private Path file;

        @Option(names = "--weights", defaultValue = "freeze", paramLabel = "W",
                description = "freeze: the encoder stays as it is, in evaluation mode; finetune: it is trained and saved too (default: ${DEFAULT-VALUE})")
        private Weights weights;

        @Option(names = "--model_name", paramLabel = "NAME", description = "key of the model table (default: what the checkpoint says, else the one that fits it)")
        private Optional<String> name = Optional.empty();

        @Option(names = "--model_config", paramLabel = "FILE",
                description = "model table (default: configs/model_config.yaml, else the built-in copy of it)")
        private Optional<Path> table = Optional.empty();

        @Option(names = "--precision", defaultValue = "fp32", paramLabel = "P",
                description = "arithmetic of the encoder: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
        private Precision precision;
    }

    private static final class Optimisation {

        @Option(names = "--epochs", defaultValue = "100", paramLabel = "N", description = "passes over the training images (default: ${DEFAULT-VALUE})")
        private int epochs;

        @Option(names = "--batch-size", defaultValue = "256", paramLabel = "N",
                description = "images of a step, over all devices together (default: ${DEFAULT-VALUE})")
        private int batch;

        @Option(names = "--lr-backbone", defaultValue = "0.0", paramLabel = "LR",
                description = "learning rate of the encoder, for finetune (default: ${DEFAULT-VALUE})")
        private double encoderRate;

        @Option(names = "--lr-classifier", defaultValue = "0.3", paramLabel = "LR", description = "learning rate of the classifier (default: ${DEFAULT-VALUE})")
        private double classifierRate;

        @Option(names = "--weight-decay", defaultValue = "1e-6", paramLabel = "WD", description = "of all that is trained (default: ${DEFAULT-VALUE})")
        private double weightDecay;
    }

    private static final class Output {

        @Option(names = "--checkpoint-dir", defaultValue = "./clip_result_linear/", paramLabel = "DIR",
                description = "folder for stats.txt, run.json and checkpoint.pth; a run that lies there is continued exactly (default: ${DEFAULT-VALUE})")
        private Path folder;

        @Option(names = "--print-freq", defaultValue = "100", paramLabel = "N", description = "a line every N steps (default: ${DEFAULT-VALUE})")
        private int printFreq;

        @Option(names = "--force", description = "continue the run in the folder although settings or data differ")
        private boolean force;

        @Option(names = "--dry_run", description = "check everything, say what would be done, write nothing")
        private boolean dryRun;
    }

    private static final class Hardware {

        @Option(names = "--devices", defaultValue = DeviceList.ALL, paramLabel = "LIST",
                description = "CUDA devices such as 0,1, or cpu once for each replica; auto: all visible GPUs, else cpu (default: ${DEFAULT-VALUE})")
        private DeviceList devices;

        @Option(names = "--workers", defaultValue = "8", paramLabel = "N",
                description = "threads that load images; never changes the result (default: ${DEFAULT-VALUE})")
        private int workers;

        @Option(names = "--cache_dir", paramLabel = "DIR",
                description = "keep the decoded middles of images in this folder, for all epochs and runs; random crops are not kept; "
                        + "never changes the result (default: decode them every time)")
        private Optional<Path> cache = Optional.empty();
    }

    private static final class Comparison {

        @Option(names = "--seed", defaultValue = "0", paramLabel = "N", description = "of the classifier, order, crops and flips (default: ${DEFAULT-VALUE})")
        private long seed;

        @Option(names = "--order", defaultValue = "shuffled", paramLabel = "O",
                description = "shuffled: anew each epoch; sequential: as in the folder (default: ${DEFAULT-VALUE})")
        private Order order;

        @Option(names = "--max_steps", paramLabel = "N", description = "stop after N steps; the schedule stays that of the full run")
        private Optional<Long> maxSteps = Optional.empty();
    }

    /** The value of {@code --weights}. */
    private enum Weights {
        FREEZE,
        FINETUNE
    }

    /** The value of {@code --normalize}. */
    private enum Normalize {
        CLIP(PixelStatistics.CLIP),
        IMAGENET(PixelStatistics.IMAGENET);

        private final PixelStatistics pixels;

        Normalize(PixelStatistics pixels) {
            this.pixels = pixels;
        }
    }

    /** The value of {@code --order}. */
    private enum Order {
        SHUFFLED,
        SEQUENTIAL
    }

    boolean dryRun() {
        return output.dryRun;
    }

    /** {@code --checkpoint-dir}. */
    Path folder() {
        return output.folder;
    }

    Continuation continuation() {
        return output.force ? Continuation.FORCED : Continuation.EXACT;
    }

    String normalize() {
        return data.normalize.name().toLowerCase(Locale.ROOT);
    }

    ProbeData readData() {
        return ProbeData.read(data.train, data.validation, data.percent, data.list);
    }

    Backbone readBackbone() {
        return Backbone.read(model.file, model.table, model.name, Computation.of(model.precision, data.normalize.pixels, LinearLayers.AUTO));
    }

    List<Device> devices() {
        return hardware.devices.resolve(model.precision);
    }

    /** How to train; checks the values that stand for themselves. */
    ProbeSettings settings() {
        FlagBounds.atLeast("--epochs", optimisation.epochs, 1);
        FlagBounds.atLeast("--batch-size", optimisation.batch, 2);
        FlagBounds.atLeast("--print-freq", output.printFreq, 1);
        FlagBounds.workers("--workers", hardware.workers);
        hardware.cache.ifPresent(folder -> RunFolder.requireWritable("--cache_dir", folder));
        FlagBounds.notNegative("--lr-backbone", optimisation.encoderRate);
        FlagBounds.notNegative("--lr-classifier", optimisation.classifierRate);
        FlagBounds.notNegative("--weight-decay", optimisation.weightDecay);
        comparison.maxSteps.ifPresent(steps -> FlagBounds.atLeast("--max_steps", steps, 1));
        boolean finetune = model.weights == Weights.FINETUNE;
        if (finetune && optimisation.encoderRate == 0) {
            throw new ConfigException("--weights finetune needs --lr-backbone LR above 0: at 0 only batch normalisation would change");
        }
        if (!finetune && optimisation.encoderRate > 0) {
            throw new ConfigException("--lr-backbone " + optimisation.encoderRate + " has no effect on a frozen encoder; add --weights finetune or leave it out");
        }
        if (finetune && data.cache) {
            throw new ConfigException("--cache_features computes features once, but --weights finetune changes them; leave one of them out");
        }
        return new ProbeSettings(finetune, optimisation.epochs, optimisation.batch, optimisation.encoderRate, optimisation.classifierRate,
                optimisation.weightDecay, output.printFreq, hardware.workers, new ImageCache(hardware.cache), comparison.seed, comparison.order == Order.SHUFFLED, data.cache,
                badImages.policy(), comparison.maxSteps, report.tensorBoard());
    }
}
