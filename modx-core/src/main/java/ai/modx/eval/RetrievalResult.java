package ai.modx.eval;

import java.util.Optional;

/**
 * What a model reached on one data set.
 *
 * @param metrics among all images and captions
 * @param folds   the mean over parts, where that was asked for
 */
public record RetrievalResult(RetrievalMetrics metrics, Optional<Folds> folds) {

    /**
     * The mean over parts of the data set.
     *
     * @param count number of parts
     * @param mean  see {@link RetrievalMetrics#meanOfFolds}
     */
    public record Folds(int count, RetrievalMetrics mean) {}
}
