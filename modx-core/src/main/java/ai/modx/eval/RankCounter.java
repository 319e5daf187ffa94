package ai.modx.eval;

import ai.djl.Device;
import ai.modx.torch.HostTensor;

/**
 * Ranks a gallery for every query by inner product, without sorting: the rank of a query is the number of irrelevant
 * entries that come before its best relevant one.
 *
 * <p>A tie counts against the model: an irrelevant entry that scores the same comes first. The order of the data then
 * decides nothing, and a model that gives everything the same feature finds nothing, where counting only better entries
 * would find everything. A score that is not a number counts against it too. Ties hold as far as the arithmetic is exact:
 * the same feature twice may differ in the last bit of its score.
 *
 * @param device      what the products are computed on
 * @param blockScores how many scores to compute at a time; at least one query's
 * @param keptScores  how many to keep, for ranks in both directions, rather than to compute them twice
 */
record RankCounter(Device device, int blockScores, long keptScores) {

    /** As many as the heap could hold. */
    private static final long HEAP_SCORES = Runtime.getRuntime().maxMemory() / Float.BYTES;

    /**
     * Ranks counted from 0 of both directions.
     *
     * @param i2t [N], of each image's best caption among all captions
     * @param t2i [M], of each caption's image among all images
     */
    record BothRanks(int[] i2t, int[] t2i) {}

    /** Blocks of at most 64 MiB, of which at most 1 GiB is kept, twice the scores of COCO's 5,000 test images; less in a small heap. */
    RankCounter(Device device) {
        this(device, (int) Math.min(1 << 24, HEAP_SCORES / 32), Math.min(1 << 28, HEAP_SCORES / 8));
    }

    /**
     * Ranks counted from 0, [Q].
     *
     * @param queries  (Q, E)
     * @param gallery  (G, E)
     * @param relevant for every query the rows of the gallery that answer it, [Q][1 or more]
     */
    int[] ranks(HostTensor queries, HostTensor gallery, int[][] relevant) {
        int[] ranks = new int[relevant.length];
        try (ScoreBlocks blocks = new ScoreBlocks(device, queries, gallery, blockScores, 0)) {
            blocks.eachRow((query, first, scores) -> ranks[query] = rank(scores, relevant[query]));
        }
        return ranks;
    }

    /** What {@link #ranks} gives for images among captions, and for captions among images. */
    BothRanks both(RetrievalFeatures features) {
        int[][] captions = features.captionsOfImages();
        int[] i2t = new int[captions.length];
        float[] own = new float[features.captionCount()]; // a caption's score with its image
        int[] t2i = new int[own.length];
        try (ScoreBlocks blocks = new ScoreBlocks(device, features.images(), features.captions(), blockScores, keptScores)) {
            blocks.eachRow((image, first, scores) -> {
                i2t[image] = rank(scores, captions[image]);
                for (int caption : captions[image]) {
                    own[caption] = scores[caption];
                }
            });
            blocks.eachPart((image, first, scores) -> {
                for (int i = 0; i < scores.length; i++) {
                    t2i[first + i] += comesFirst(scores[i], own[first + i]);
                }
                for (int caption : captions[image]) {
                    if (caption >= first && caption < first + scores.length) {
                        t2i[caption] -= comesFirst(scores[caption - first], own[caption]);
                    }
                }
            });
        }
        return new BothRanks(i2t, t2i);
    }

    private static int rank(float[] scores, int[] relevant) {
        float best = Float.NEGATIVE_INFINITY;
        for (int entry : relevant) {
            best = Math.max(best, scores[entry]); // NaN, if one of them is
        }
        int rank = 0;
        for (float score : scores) {
            rank += comesFirst(score, best);
        }
        for (int entry : relevant) {
            rank -= comesFirst(scores[entry], best);
        }
        return rank;
    }

    /** 1 if an irrelevant entry of this score precedes a relevant one of score best; true also if either is no number. */
    private static int comesFirst(float score, float best) {
        return score < best ? 0 : 1;
    }
}
