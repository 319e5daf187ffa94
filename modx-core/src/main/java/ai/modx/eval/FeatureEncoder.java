package ai.modx.eval;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.modx.data.Batch;
import ai.modx.data.BatchLoader;
import ai.modx.data.BatchRequest;
import ai.modx.data.ImageSamples;
import ai.modx.data.StopRequest;
import ai.modx.data.image.ImageTransform;
import ai.modx.model.BatchStatistics;
import ai.modx.model.ClipModel;
import ai.modx.text.ClipTokenizer;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Computes features of many images and captions with a model in evaluation mode, without gradients: each once, as unit
 * rows in host memory. Only a few batches are in memory beside the result.
 *
 * <p>The work is a list and its result a matrix in the same order, so several devices share it by taking a part of the
 * list each, with an encoder of their own.
 */
public final class FeatureEncoder {

    private final ClipModel model;
    private final ClipTokenizer tokenizer;
    private final EncoderSettings settings;
    private final StopRequest stop;

    /**
     * @param model stays the caller's; not to be used by another thread meanwhile
     * @param stop  asked before every batch; the methods then throw its exception
     */
    public FeatureEncoder(ClipModel model, ClipTokenizer tokenizer, EncoderSettings settings, StopRequest stop) {
        this.model = model;
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
        return new RetrievalFeatures(images(set.images()), captions(set.captions()), set.owners());
    }

    /**
     * Unit features of image files.
     *
     * @return float32 (N, E)
     * @throws ai.modx.data.DataException if an image cannot be loaded; it is named
     */
    public HostTensor images(List<Path> files) {
        int side = model.config().imageResolution();
        FeatureRows rows = new FeatureRows(files.size(), model.config().embedDim());
        ImageSamples samples = new ImageSamples(files, ImageTransform.clip(side));
        try (BatchLoader loader = new BatchLoader(samples, inOrder(files.size()), settings.workers(), BatchLoader.DEFAULT_PREFETCH)) {
            while (loader.hasNext()) {
                stop.throwIfAsked();
                try (Batch batch = loader.next(); NativeScope scope = NativeScope.withoutGradients()) {
                    NDArray images = model.manager().create(batch.images(), new Shape(batch.size(), side, side, 3), DataType.UINT8);
                    rows.put(model.encodeImage(images, BatchStatistics.RUNNING), batch.indices());
                }
            }
        }
        return rows.matrix();
    }

    /**
     * Unit features of captions. What does not fit into the model's context is cut, with the end mark kept.
     *
     * @return float32 (M, E)
     */
    public HostTensor captions(List<String> texts) {
        FeatureRows rows = new FeatureRows(texts.size(), model.config().embedDim());
        Iterator<CaptionBatches.TokenBatch> batches = new CaptionBatches(texts, tokenizer, model.config().contextLength(), settings);
        while (batches.hasNext()) {
            stop.throwIfAsked();
            CaptionBatches.TokenBatch batch = batches.next();
            try (NativeScope scope = NativeScope.withoutGradients()) {
                NDArray tokens = model.manager().create(batch.tokens(), new Shape(batch.indices().length, batch.length()));
                rows.put(model.encodeText(tokens), batch.indices());
            }
        }
        return rows.matrix();
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
