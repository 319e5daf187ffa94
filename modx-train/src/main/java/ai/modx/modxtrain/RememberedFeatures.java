package ai.modx.modxtrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.modx.data.Batch;
import ai.modx.data.CaptionChoice;
import ai.modx.data.CaptionDataset;
import ai.modx.data.CaptionedImage;
import ai.modx.data.ImageCache;
import ai.modx.data.Samples;
import ai.modx.eval.EncoderSettings;
import ai.modx.eval.FeatureEncoder;
import ai.modx.loss.CosineSimilarity;
import ai.modx.torch.HostTensor;
import ai.modx.train.TrainingSettings;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A teacher that has seen everything once. It is frozen, in evaluation mode, and images get no random augmentation: what
 * it says of an image or a caption never changes during a phase, so it is computed once and not in each of 35 epochs.
 *
 * <p>Features are computed in the order of the data in batches of a fixed size, so that a continued run finds the bits of
 * the run that it continues.
 */
final class RememberedFeatures implements Teacher {

    private final NDManager manager;
    private final List<CaptionedImage> items;
    private final CaptionChoice choice;
    private final long seed;
    private final HostTensor images;
    private final HostTensor captions;
    /** Row of an image's first caption. */
    private final int[] firstCaption;

    /**
     * Encodes a data set.
     *
     * @param manager on the device of the loss
     * @param encoder holds the teacher; needed during this call only
     * @param samples its images alone, bad ones replaced as in training: nobody asks for the features of those
     */
    RememberedFeatures(NDManager manager, FeatureEncoder encoder, CaptionDataset data, Samples samples, TrainingSettings settings) {
        this.manager = manager;
        this.items = data.items();
        this.choice = settings.caption();
        this.seed = settings.seed();
        images = encoder.images(samples);
        captions = encoder.captions(items.stream().flatMap(item -> item.captions().stream()).toList());
        firstCaption = new int[items.size()];
        for (int i = 1; i < firstCaption.length; i++) {
            firstCaption[i] = firstCaption[i - 1] + items.get(i - 1).captions().size();
        }
    }

    /** Features in batches of the size that evaluation uses. */
    static EncoderSettings encoderSettings(int workers, ImageCache cache, boolean shortTexts) {
        return new EncoderSettings(EncoderSettings.DEFAULT_BATCH_SIZE, workers, cache, shortTexts);
    }

    @Override
    public NDArray cosines(Batch batch) {
        int[] indices = batch.indices();
        NDArray imageRows = rows(images, indices.length, i -> indices[i]);
        NDArray textRows = rows(captions, indices.length, i -> firstCaption[indices[i]]
                + choice.choose(seed, batch.epoch(), indices[i], items.get(indices[i]).captions().size()));
        return CosineSimilarity.matrix(imageRows, textRows);
    }

    private NDArray rows(HostTensor features, int count, IntUnaryOperator row) {
        int width = (int) features.shape()[1];
        FloatBuffer all = features.data().asFloatBuffer();
        float[] values = new float[count * width];
        for (int i = 0; i < count; i++) {
            all.get(row.applyAsInt(i) * width, values, i * width, width);
        }
        return manager.create(values, new Shape(count, width));
    }

    @Override
    public void close() {
        // everything is in host memory
    }
}
