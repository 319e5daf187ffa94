package ai.modx.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointContents;
import ai.modx.checkpoint.CheckpointWriter;
import ai.modx.config.FileProblem;
import ai.modx.data.Batch;
import ai.modx.data.BatchLoader;
import ai.modx.data.BatchRequest;
import ai.modx.data.ImageCache;
import ai.modx.data.ImageSamples;
import ai.modx.data.ImageView;
import ai.modx.data.StopRequest;
import ai.modx.data.image.ImageTransform;
import ai.modx.eval.EncoderSettings;
import ai.modx.eval.EvaluationSet;
import ai.modx.eval.FeatureEncoder;
import ai.modx.eval.RetrievalFeatures;
import ai.modx.eval.RetrievalMetrics;
import ai.modx.model.ClipModel;
import ai.modx.model.ClipParameters;
import ai.modx.model.Computation;
import ai.modx.model.ModelConfig;
import ai.modx.model.ModelTable;
import ai.modx.model.Precision;
import ai.modx.parallel.ReplicaGroup;
import ai.modx.text.ClipTokenizer;
import ai.modx.torch.HostTensor;
import ai.modx.torch.TensorCopy;
import ai.modx.torch.TensorSource;
import ai.modx.torch.TorchEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Measures everything but training steps, which runs measure themselves. */
public final class Benchmark {

    private static final long SEED = 0;
    private static final int MEASUREMENTS = 3;
    /** Enough images for Java's compiler to be done with the decoder after the first pass. */
    private static final int LOADED_BATCHES = 30;
    private static final int LOADED_AT_ONCE = 20;
    private static final int IMAGES = 5_000;
    private static final int CAPTIONS_PER_IMAGE = 5;
    private static final int EMBED_DIM = 512;

    private final ModelTable table;
    private final Device device;
    private final EvaluationSet data;

    /**
     * @param device where features are computed
     * @param data   images and captions to load and encode
     */
    public Benchmark(ModelTable table, Device device, EvaluationSet data) {
        this.table = table;
        this.device = device;
        this.data = data;
    }

    /** The rate of large matrix products on the device. */
    public Measurement matmul(Precision precision) {
        return new Measurement("matrix product, " + precision, precision.during(() -> MatmulPeak.measure(device, precision)) / 1e9, "GFLOP/s");
    }

    /** Decoding, resizing and cropping in one thread. */
    public Measurement loading(String model) {
        int side = table.get(model).imageResolution();
        ImageSamples samples = ImageSamples.of(data.images(), ImageView.of(ImageTransform.clip(side)));
        List<BatchRequest> all = IntStream.range(0, LOADED_BATCHES)
                .mapToObj(i -> new BatchRequest(0, IntStream.range(0, LOADED_AT_ONCE).map(image -> (i * LOADED_AT_ONCE + image) % data.images().size()).toArray()))
                .toList();
        double seconds = Median.seconds(MEASUREMENTS, () -> {
            try (BatchLoader loader = new BatchLoader(samples, all.iterator(), 1, 1)) {
                all.forEach(request -> loader.next().close());
            }
        });
        return new Measurement("loading images for " + model + ", one thread", LOADED_BATCHES * LOADED_AT_ONCE / seconds, "images/s");
    }

    /** Features of images and of captions, loading included. */
    public List<Measurement> encoding(String model, Precision precision) {
        return precision.during(() -> encodingIn(precision, model));
    }

    private List<Measurement> encodingIn(Precision precision, String model) {
        ModelConfig config = table.get(model);
        try (ReplicaGroup clip = new ReplicaGroup(config, Computation.in(precision), List.of(device), 1, ClipParameters.initialState(config, SEED))) {
            FeatureEncoder encoder = new FeatureEncoder(clip, ClipTokenizer.load(), new EncoderSettings(EncoderSettings.DEFAULT_BATCH_SIZE,
                    Runtime.getRuntime().availableProcessors(), ImageCache.NONE, true), new StopRequest());
            double images = Median.seconds(MEASUREMENTS, () -> encoder.images(data.images()));
            double captions = Median.seconds(MEASUREMENTS, () -> encoder.captions(data.captions()));
            return List.of(new Measurement("encoding images, " + model + " " + precision, data.images().size() / images, "images/s"),
                    new Measurement("encoding captions, " + model + " " + precision, data.captions().size() / captions, "captions/s"));
        }
    }

    /** Ranks of the COCO test set's size, in both directions. */
    public Measurement retrieval() {
        RetrievalFeatures features = new RetrievalFeatures(random(IMAGES), random(IMAGES * CAPTIONS_PER_IMAGE),
                IntStream.range(0, IMAGES * CAPTIONS_PER_IMAGE).map(caption -> caption / CAPTIONS_PER_IMAGE).toArray());
        return new Measurement("retrieval, 5,000 images x 25,000 captions x 512", Median.seconds(MEASUREMENTS, () -> RetrievalMetrics.of(features, device)), "s");
    }

    private static HostTensor random(int rows) {
        Random random = new Random(rows);
        float[] values = new float[rows * EMBED_DIM];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return HostTensor.of(values, rows, EMBED_DIM);
    }

    /** A model's weights to disk, synced, and back onto the device. */
    public List<Measurement> checkpoints(String model) {
        ModelConfig config = table.get(model);
        Map<String, TensorSource> weights = new TreeMap<>(ClipParameters.initialState(config, SEED));
        try {
            Path folder = Files.createTempDirectory("modx-bench");
            Path file = folder.resolve("checkpoint.pt");
            try {
                double save = Median.seconds(MEASUREMENTS, () -> CheckpointWriter.write(file, new CheckpointContents(0, 1, weights, Optional.empty(), Map.of())));
                double megabytes = Files.size(file) / 1e6;
                double load = Median.seconds(MEASUREMENTS, () -> load(file, config));
                return List.of(new Measurement("saving a checkpoint, " + model, megabytes / save, "MB/s"),
                        new Measurement("loading a checkpoint, " + model, megabytes / load, "MB/s"));
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The folder for temporary files cannot be used: " + FileProblem.of(e), e);
        }
    }

    private void load(Path file, ModelConfig config) {
        try (NDManager manager = TorchEngine.manager(device);
                ClipModel model = new ClipModel(manager, config, Computation.in(Precision.FP32), Checkpoint.read(file).model(), false)) {
            TensorCopy.toFloat(model.logitScale()); // waits for the device
        }
    }

    /** A command that only prints its help, as a user waits for it. */
    public static Measurement startUp(List<String> command) {
        double seconds = Median.seconds(MEASUREMENTS, () -> {
            try {
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return new Measurement("--help", seconds, "s");
    }
}
