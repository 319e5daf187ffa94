package ai.modx.eval;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Retrieval among a set of images with their captions, in both directions. A query's rank is that of its best answer: an
 * image may have any number of captions, a caption has one image.
 *
 * @param i2t      an image looks for one of its captions among all captions
 * @param t2i      a caption looks for its image among all images
 * @param images   number of images
 * @param captions number of captions
 */
public record RetrievalMetrics(RankMetrics i2t, RankMetrics t2i, int images, int captions) {

    /**
     * Ranks everything against everything, block by block; ties count against the model.
     *
     * @param device what the products are computed on
     */
    public static RetrievalMetrics of(RetrievalFeatures features, Device device) {
        return of(features, new RankCounter(device));
    }

    static RetrievalMetrics of(RetrievalFeatures features, RankCounter counter) {
        RankCounter.BothRanks ranks = counter.both(features);
        return new RetrievalMetrics(RankMetrics.of(ranks.i2t()), RankMetrics.of(ranks.t2i()), features.imageCount(), features.captionCount());
    }

    /**
     * The mean over consecutive parts of the images, each with its own captions: five parts of COCO's 5,000 test images are
     * the literature's "1K test, five folds" (VSE++). Smaller galleries give higher recalls.
     *
     * @param folds number of parts, at most that of the images; sizes differ by at most one
     * @return means, with the images and captions of all parts together
     */
    public static RetrievalMetrics meanOfFolds(RetrievalFeatures features, int folds, Device device) {
        int images = features.imageCount();
        if (folds < 1 || folds > images) {
            throw new IllegalArgumentException(images + " images cannot be split into " + folds + " folds");
        }
        List<RetrievalMetrics> parts = new ArrayList<>();
        for (int fold = 0; fold < folds; fold++) {
            parts.add(of(features.imageRange((int) ((long) images * fold / folds), (int) ((long) images * (fold + 1) / folds)), device));
        }
        return new RetrievalMetrics(mean(parts, Direction.I2T), mean(parts, Direction.T2I), images, features.captionCount());
    }

    public RankMetrics direction(Direction direction) {
        return direction == Direction.I2T ? i2t : t2i;
    }

    /** The sum of the six recalls, at most 600. */
    public double rsum() {
        return i2t.recallSum() + t2i.recallSum();
    }

    private static RankMetrics mean(List<RetrievalMetrics> parts, Direction direction) {
        return new RankMetrics(mean(parts, direction, RankMetrics::r1), mean(parts, direction, RankMetrics::r5),
                mean(parts, direction, RankMetrics::r10), mean(parts, direction, RankMetrics::medr), mean(parts, direction, RankMetrics::meanr));
    }

    private static double mean(List<RetrievalMetrics> parts, Direction direction, ToDoubleFunction<RankMetrics> number) {
        return parts.stream().map(part -> part.direction(direction)).mapToDouble(number).average().orElseThrow();
    }
}
