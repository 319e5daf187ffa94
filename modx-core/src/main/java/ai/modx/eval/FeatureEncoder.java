package ai.modx.eval;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.modx.data.Batch;
import ai.modx.data.BatchLoader;
import ai.modx.data.BatchRequest;
import ai.modx.data.ImageSamples;
import ai.modx.data.ImageView;
import ai.modx.data.LongPass;
import ai.modx.data.Samples;
import ai.modx.data.StopRequest;
import ai.modx.data.image.ImageTransform;
import ai.modx.model.BatchStatistics;
import ai.modx.model.ClipModel;
import ai.modx.model.ModelConfig;
import ai.modx.parallel.ReplicaGroup;
import ai.modx.text.ClipTokenizer;
import ai.modx.torch.HostMemory;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * Computes features of many images and captions with a model in evaluation mode, without gradients: each once, as unit
 * rows in host memory, or batch by batch. Only a few batches are in memory beside the result. Every device of the model takes the next batch when it
 * is done with one; what is in a batch does not depend on that.
 */
public final class FeatureEncoder {

    private final ReplicaGroup replicas;
    private final ClipTokenizer tokenizer;
    private final EncoderSettings settings;
    private final StopRequest stop;
    /** Held while a batch is taken: whoever makes them serves one thread at a time. */
    private final Object taking = new Object();

    /**
     * @param replicas of the model; stay the caller's
     * @param stop     asked before every batch; the methods then throw its exception
     */
    public FeatureEncoder(ReplicaGroup replicas, ClipTokenizer tokenizer, EncoderSettings settings, StopRequest stop) {
        this.replicas = replicas;
        this.tokenizer = tokenizer;
        this.settings = settings;
        this.stop = stop;
    }

    /**
     * Features of all images and captions of a set.
     *
     * @throws ai.modx.data.DataException if an image cannot be loaded; it is named
     */
    public RetrievalFeatures encode(EvaluationSet set) {
        ClipTokenizer.requireIn(config().vocabSize()); // before the images, which take long
        return new RetrievalFeatures(images(set.images()), captions(set.captions()), set.owners());
    }

    /**
     * Unit features of image files.
     *
     * @return float32 (N, E)
     * @throws ai.modx.data.DataException if an image cannot be loaded; it is named
     */
    public HostTensor images(List<Path> files) {
        return images(samples(files));
    }

    /**
     * Unit features of images, which may be replaced by others; the rows of those that are replaced are not filled. What takes their
     * place is not taken for a second feature of itself: in another batch it may differ by rounding, and devices do not wait for one another.
     *
     * @param samples of CLIP's transform
     * @return float32 (N, E)
     */
    public HostTensor images(Samples samples) {
        FeatureRows rows = new FeatureRows(samples.size(), config().embedDim());
        images(samples, rows);
        return rows.matrix();
    }

    /** Features of image files as above, but not normalised, and handed on batch by batch. */
    public void images(List<Path> files, FeatureSink sink) {
        images(samples(files), sink);
    }

    private Samples samples(List<Path> files) {
        return ImageSamples.of(files, settings.cache().keep(ImageView.of(ImageTransform.clip(config().imageResolution())), files));
    }

    private void images(Samples samples, FeatureSink sink) {
        int side = samples.imageSide();
        int prefetch = BatchLoader.DEFAULT_PREFETCH + replicas.size() - 1; // each device holds a batch of its own
        try (HostMemory memory = HostMemory.forDevices(replicas.devices());
                BatchLoader loader = new BatchLoader(samples, inOrder(samples.size()), settings.workers(), prefetch, memory);
                LongPass pass = new LongPass("Encoding images", samples.size())) {
            onAllDevices(loader, (model, taken) -> {
                try (Batch batch = taken; NativeScope scope = NativeScope.withoutGradients()) {
                    NDArray images = model.manager().create(batch.images(), new Shape(batch.size(), side, side, 3), DataType.UINT8);
                    put(model.encodeImage(images, BatchStatistics.EVAL), batch, sink);
                    pass.advance(batch.size());
                }
            });
        }
    }

    private static void put(NDArray features, Batch batch, FeatureSink sink) {
        int[] rows = batch.asRequested();
        int[] indices = batch.indices();
        if (rows.length == indices.length) {
            sink.put(features, indices);
        } else if (rows.length > 0) {
            NDArray chosen = features.getManager().create(Arrays.stream(rows).asLongStream().toArray());
            sink.put(features.get(chosen), Arrays.stream(rows).map(row -> indices[row]).toArray());
        }
    }

    /**
     * Unit features of captions. What does not fit into the model's context is cut, with the end mark kept.
     *
     * @return float32 (M, E)
     */
    public HostTensor captions(List<String> texts) {
        FeatureRows rows = new FeatureRows(texts.size(), config().embedDim());
        captions(texts, rows);
        return rows.matrix();
    }

    /** Features of captions as above, but not normalised, and handed on batch by batch, those of similar length together. */
    public void captions(List<String> texts, FeatureSink sink) {
        ClipTokenizer.requireIn(config().vocabSize());
        try (LongPass pass = new LongPass("Encoding captions", texts.size())) {
            onAllDevices(new CaptionBatches(texts, tokenizer, config().contextLength(), settings), (model, batch) -> {
                try (NativeScope scope = NativeScope.withoutGradients()) {
                    NDArray tokens = model.manager().create(batch.tokens(), new Shape(batch.indices().length, batch.length()));
                    sink.put(model.encodeText(tokens), batch.indices());
                    pass.advance(batch.indices().length);
                }
            });
        }
    }

    /** Gives each batch to the first device that is free; after a failure no more are begun. */
    private <B> void onAllDevices(Iterator<B> batches, BiConsumer<ClipModel, B> work) {
        AtomicBoolean failed = new AtomicBoolean();
        replicas.evaluateEach(model -> {
            try {
                Optional<B> batch;
                while (!failed.get() && (batch = next(batches)).isPresent()) {
                    work.accept(model, batch.get());
                }
            } catch (RuntimeException | Error e) {
                failed.set(true);
                throw e;
            }
        });
    }

    private <B> Optional<B> next(Iterator<B> batches) {
        synchronized (taking) {
            stop.throwIfAsked();
            return batches.hasNext() ? Optional.of(batches.next()) : Optional.empty();
        }
    }

    private ModelConfig config() {
        return replicas.model().config();
    }

    /** Requests for all images, as they come; the last one may be smaller. */
    private Iterator<BatchRequest> inOrder(int count) {
        int[] all = IntStream.range(0, count).toArray();
        int size = settings.batchSize();
        return IntStream.range(0, (count + size - 1) / size)
                .mapToObj(i -> new BatchRequest(0, Arrays.copyOfRange(all, i * size, Math.min((i + 1) * size, count))))
                .iterator();
    }
}
