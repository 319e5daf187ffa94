package ai.modx.cli;

import ai.djl.Device;
import ai.modx.config.ConfigException;
import ai.modx.data.CaptionChoice;
import ai.modx.data.CaptionDataset;
import ai.modx.data.ImageCache;
import ai.modx.eval.EncoderSettings;
import ai.modx.eval.EvaluationSet;
import ai.modx.eval.RetrievalEvaluation;
import ai.modx.model.Computation;
import ai.modx.model.LinearLayers;
import ai.modx.model.ModelConfig;
import ai.modx.model.ModelTable;
import ai.modx.model.PixelStatistics;
import ai.modx.model.Precision;
import ai.modx.text.ClipTokenizer;
import ai.modx.train.PeriodicEvaluation;
import ai.modx.train.ResumePoint;
import ai.modx.train.RunFolder;
import ai.modx.train.RunIdentity.Continuation;
import ai.modx.train.TrainingSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The flags that all training commands share. Names, defaults and meaning are the original's, and those that it lacks come
 * after. Defaults stand in the annotations, where the help finds them.
 */
public final class TrainingOptions {

    /** Where the model table lies in a checkout; what was built into the program serves everywhere else. */
    private static final Path MODEL_TABLE = Path.of("configs", "model_config.yaml");

    @ArgGroup(validate = false, order = 20, heading = "%nModel:%n")
    private final Model model = new Model();

    @ArgGroup(validate = false, order = 30, heading = "%nOptimisation:%n")
    private final Optimisation optimisation = new Optimisation();

    @ArgGroup(validate = false, order = 40, heading = "%nOutput and continuation:%n")
    private final Output output = new Output();

    @Mixin
    private BadImageOptions badImages;

    @Mixin
    private ReportOptions report;

    @Mixin
    private EvaluationOptions evaluation;

    @ArgGroup(validate = false, order = 50, heading = "%nHardware:%n")
    private final Hardware hardware = new Hardware();

    @ArgGroup(validate = false, order = 60, heading = "%nReproduction and comparison:%n")
    private final Comparison comparison = new Comparison();

    private static final class Model {

        @Option(names = "--model_name", defaultValue = "RN", paramLabel = "NAME",
                description = "RN or RN50, ViT or ViT-B/32, or any key of the model table (default: ${DEFAULT-VALUE})")
        private String name;

        @Option(names = "--model_config", paramLabel = "FILE",
                description = "model table (default: configs/model_config.yaml, else the built-in copy of it)")
        private Optional<Path> table = Optional.empty();

        @Option(names = "--checkpoint_path", paramLabel = "FILE",
                description = "start from these weights: .pt of this toolkit, of the Python original or of OpenAI, state dict, safetensors; "
                        + "in continual training the old model, always needed")
        private Optional<Path> checkpoint = Optional.empty();

        @Option(names = "--precision", defaultValue = "fp32", paramLabel = "P",
                description = "arithmetic: ${COMPLETION-CANDIDATES}; weights are fp32 in every case, tf32 is for CUDA (default: ${DEFAULT-VALUE})")
        private Precision precision;
    }

    private static final class Optimisation {

        @Option(names = "--num_train_epochs", defaultValue = "35", paramLabel = "N", description = "passes over the data (default: ${DEFAULT-VALUE})")
        private int epochs;

        @Option(names = "--per_gpu_train_batch_size", defaultValue = "64", paramLabel = "N",
                description = "pairs that a device computes at once; times devices and --accum_freq it is the global batch, over which the "
                        + "contrastive loss is taken (default: ${DEFAULT-VALUE})")
        private int batch;

        @Option(names = "--accum_freq", defaultValue = "1", paramLabel = "N",
                description = "a global batch N times as large in the same memory, as in open_clip: each device works through its share in N chunks of "
                        + "--per_gpu_train_batch_size pairs, one loss spans them all, and all but one are encoded twice. The gradient is that of "
                        + "the undivided batch; batch normalisation uses the statistics of each chunk (default: ${DEFAULT-VALUE})")
        private int chunks;

        @Option(names = "--gradient_accumulation_steps", defaultValue = "1", paramLabel = "N",
                description = "micro-batches per optimizer step; negatives stay within a micro-batch (default: ${DEFAULT-VALUE})")
        private int accumulation;

        @Option(names = "--params_lr", defaultValue = "5e-4", paramLabel = "LR",
                description = "peak learning rate; 20 %% of the steps warm up, then a cosine goes to 0 (default: ${DEFAULT-VALUE})")
        private double learningRate;

        @Option(names = "--params_weight_decay", defaultValue = "0.1", paramLabel = "WD", description = "of all parameters (default: ${DEFAULT-VALUE})")
        private double weightDecay;

        @Option(names = "--params_eps", defaultValue = "1e-8", paramLabel = "EPS", description = "AdamW's epsilon (default: ${DEFAULT-VALUE})")
        private double eps;

        @Option(names = "--grad_clip_norm", paramLabel = "NORM",
                description = "shorten gradients that are longer than this, all parameters together (default: never, as the original)")
        private Optional<Double> gradClipNorm = Optional.empty();
    }

    private static final class Output {

        @Option(names = "--train_dir", required = true, paramLabel = "DIR", description = "folder for stats.txt, metrics.jsonl and run.json")
        private Path trainDir;

        @Option(names = "--saved_checkpoints", paramLabel = "DIR", description = "folder for checkpoints (default: --train_dir)")
        private Optional<Path> checkpoints = Optional.empty();

        @Option(names = "--save_steps", defaultValue = "1000", paramLabel = "N",
                description = "save every N optimizer steps; 0: only at the end (default: ${DEFAULT-VALUE})")
        private long saveSteps;

        @Option(names = "--keep_last", paramLabel = "N",
                description = "keep the N newest checkpoints besides the final and the best one (default: all)")
        private Optional<Integer> keepLast = Optional.empty();

        @Option(names = "--eval_every", defaultValue = "0", paramLabel = "N",
                description = "evaluate retrieval, see below, after every N epochs, and keep the best model as checkpoint_best.pt; "
                        + "0: only after the last one (default: ${DEFAULT-VALUE})")
        private int evaluateEpochs;

        @Option(names = "--resume", paramLabel = "latest|FILE",
                description = "continue an interrupted run exactly: from its newest checkpoint (from the start if there is none), or from a file")
        private Optional<String> resume = Optional.empty();

        @Option(names = "--force", description = "continue a run although settings or data differ from those it was started with; what differs is said")
        private boolean force;

        @Option(names = "--dry_run", description = "check everything, say what would be done, write nothing")
        private boolean dryRun;
    }

    private static final class Hardware {

        @Option(names = "--devices", defaultValue = DeviceList.ALL, paramLabel = "LIST",
                description = "CUDA devices such as 0,1, or cpu once for each replica; auto: all visible GPUs, else cpu (default: ${DEFAULT-VALUE})")
        private DeviceList devices;

        @Option(names = "--num_workers", defaultValue = "8", paramLabel = "N",
                description = "threads that load images; never changes the result (default: ${DEFAULT-VALUE})")
        private int workers;

        @Option(names = "--cache_dir", paramLabel = "DIR",
                description = "keep decoded images in this folder, for all epochs and runs; never changes the result (default: decode them every time)")
        private Optional<Path> cache = Optional.empty();

        @Option(names = "--short_texts", defaultValue = "true",
                description = "compute captions up to the longest one of a batch only; the result is the same "
                        + "(default: ${DEFAULT-VALUE}; off: --no_short_texts)")
        private boolean shortTexts;

        @Option(names = "--grad_checkpointing",
                description = "keep only what goes into each block, and compute the blocks a second time for their gradients: less memory, about a "
                        + "third more arithmetic, the same result")
        private boolean gradCheckpointing;
    }

    private static final class Comparison {

        @Option(names = "--seed", paramLabel = "N", description = "of initial weights, order and captions (default: the original's, see above)")
        private Optional<Long> seed = Optional.empty();

        @Option(names = "--order", defaultValue = "shuffled", paramLabel = "O",
                description = "shuffled: anew each epoch; sequential: as in the files (default: ${DEFAULT-VALUE})")
        private Order order;

        @Option(names = "--caption", defaultValue = "random", paramLabel = "C",
                description = "random: one of an image's captions each epoch; first (default: ${DEFAULT-VALUE})")
        private CaptionChoice caption;

        @Option(names = "--max_steps", paramLabel = "N", description = "stop after N optimizer steps; the schedule stays that of the full run")
        private Optional<Long> maxSteps = Optional.empty();

        @Option(names = "--max_train_samples", paramLabel = "N", description = "use the first N images only")
        private Optional<Integer> maxSamples = Optional.empty();
    }

    /** The value of {@code --order}. */
    private enum Order {
        SHUFFLED,
        SEQUENTIAL
    }

    String modelName() {
        return model.name;
    }

    ModelConfig model() {
        return table(model.table).get(model.name);
    }

    /** The table of {@code --model_config}. */
    static ModelTable table(Optional<Path> file) {
        return file.map(ModelTable::read).orElseGet(() -> Files.exists(MODEL_TABLE) ? ModelTable.read(MODEL_TABLE) : ModelTable.bundled());
    }

    Computation computation() {
        return new Computation(model.precision, PixelStatistics.CLIP, hardware.shortTexts, hardware.gradCheckpointing, LinearLayers.AUTO);
    }

    Optional<Path> checkpoint() {
        return model.checkpoint;
    }

    /** @throws ConfigException if it is neither {@code latest} nor a file */
    Optional<String> resume() {
        output.resume.filter(from -> !from.equals(ResumePoint.LATEST) && !Files.isRegularFile(Path.of(from))).ifPresent(from -> {
            throw new ConfigException("--resume " + from + " is no file: expected " + ResumePoint.LATEST + ", or a checkpoint of the run to continue");
        });
        return output.resume;
    }

    Continuation continuation() {
        return output.force ? Continuation.FORCED : Continuation.EXACT;
    }

    boolean dryRun() {
        return output.dryRun;
    }

    RunFolder folder() {
        return new RunFolder(output.trainDir, output.checkpoints.orElse(output.trainDir));
    }

    List<Device> devices() {
        return hardware.devices.resolve(model.precision);
    }

    /** The first {@code --max_train_samples} of the data. */
    CaptionDataset limit(CaptionDataset data) {
        return comparison.maxSamples.filter(count -> count < data.size()).map(data::first).orElse(data);
    }

    /** Reads the data sets to evaluate on while training. */
    Optional<PeriodicEvaluation> evaluation() {
        FlagBounds.atLeast("--eval_every", output.evaluateEpochs, 0);
        List<EvaluationSet> sets = evaluation.read();
        if (sets.isEmpty() && output.evaluateEpochs > 0) {
            throw new ConfigException("--eval_every " + output.evaluateEpochs + ": there is nothing to evaluate on. Give --eval_name, "
                    + "--eval_annotation_file and --eval_img_dir as well, or leave it out");
        }
        if (sets.isEmpty()) {
            return Optional.empty();
        }
        EncoderSettings encoder = new EncoderSettings(EncoderSettings.DEFAULT_BATCH_SIZE, hardware.workers, cache(), hardware.shortTexts);
        return Optional.of(new PeriodicEvaluation(new RetrievalEvaluation(sets, ClipTokenizer.load(), encoder, 1), output.evaluateEpochs));
    }

    private ImageCache cache() {
        hardware.cache.ifPresent(folder -> RunFolder.requireWritable("--cache_dir", folder));
        return new ImageCache(hardware.cache);
    }

    /** How to train; checks the values that stand for themselves. */
    TrainingSettings settings(long defaultSeed) {
        FlagBounds.atLeast("--num_train_epochs", optimisation.epochs, 1);
        FlagBounds.atLeast("--per_gpu_train_batch_size", optimisation.batch, 1);
        FlagBounds.atLeast("--accum_freq", optimisation.chunks, 1);
        FlagBounds.atLeast("--gradient_accumulation_steps", optimisation.accumulation, 1);
        FlagBounds.workers("--num_workers", hardware.workers);
        comparison.maxSteps.ifPresent(steps -> FlagBounds.atLeast("--max_steps", steps, 1));
        comparison.maxSamples.ifPresent(samples -> FlagBounds.atLeast("--max_train_samples", samples, 2));
        output.keepLast.ifPresent(count -> FlagBounds.atLeast("--keep_last", count, 1));
        optimisation.gradClipNorm.ifPresent(norm -> FlagBounds.positive("--grad_clip_norm", norm));
        FlagBounds.atLeast("--save_steps", output.saveSteps, 0);
        FlagBounds.notNegative("--params_lr", optimisation.learningRate);
        FlagBounds.notNegative("--params_weight_decay", optimisation.weightDecay);
        FlagBounds.positive("--params_eps", optimisation.eps); // AdamW divides by it where a gradient is 0
        return new TrainingSettings(optimisation.epochs, optimisation.batch, optimisation.chunks, optimisation.accumulation, optimisation.learningRate,
                optimisation.weightDecay, optimisation.eps, optimisation.gradClipNorm, hardware.workers, cache(), comparison.seed.orElse(defaultSeed),
                comparison.order == Order.SHUFFLED, comparison.caption, badImages.policy(), output.saveSteps, output.keepLast,
                comparison.maxSteps, report.tensorBoard());
    }
}
