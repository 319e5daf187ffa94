package ai.modx.eval;

import ai.modx.data.ImageCache;

/**
 * How a data set is encoded. None of it changes a feature by more than rounding.
 *
 * @param batchSize  images or captions in a batch
 * @param workers    threads that load images; 0 loads them in the calling thread
 * @param cache      where transformed images are kept
 * @param shortTexts compute only the token columns that a batch of captions fills, see {@link ai.modx.model.Computation}
 */
public record EncoderSettings(int batchSize, int workers, ImageCache cache, boolean shortTexts) {

    /** What the original evaluates with. */
    public static final int DEFAULT_BATCH_SIZE = 128;

    public EncoderSettings {
        if (batchSize < 1 || workers < 0) {
            throw new IllegalArgumentException("batch size " + batchSize + " and " + workers + " workers; at least 1 and 0 were expected");
        }
    }
}
