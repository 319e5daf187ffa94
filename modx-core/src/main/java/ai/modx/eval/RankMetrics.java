package ai.modx.eval;

import java.util.Arrays;

/**
 * What the ranks of one direction come to.
 *
 * @param r1    R@1: how many of the queries found something relevant in first place, in percent
 * @param r5    R@5, among the first five
 * @param r10   R@10, among the first ten
 * @param medr  median rank, counted from 1
 * @param meanr mean rank, counted from 1
 */
public record RankMetrics(double r1, double r5, double r10, double medr, double meanr) {

    /**
     * Of at least one rank, counted from 0. As VSE++ (Faghri et al. 2018) and with it the original round the median: an even
     * number of queries takes the mean of the middle two, and what it comes to is rounded down before 1 is added.
     */
    static RankMetrics of(int[] ranks) {
        int[] sorted = ranks.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        int median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        double mean = Arrays.stream(sorted).average().orElseThrow();
        return new RankMetrics(percentBelow(Recall.R1, sorted), percentBelow(Recall.R5, sorted), percentBelow(Recall.R10, sorted),
                median + 1, mean + 1);
    }

    public double recall(Recall recall) {
        return switch (recall) {
            case R1 -> r1;
            case R5 -> r5;
            case R10 -> r10;
        };
    }

    /** R@1 + R@5 + R@10. */
    double recallSum() {
        return r1 + r5 + r10;
    }

    private static double percentBelow(Recall recall, int[] ranks) {
        return 100.0 * Arrays.stream(ranks).filter(rank -> rank < recall.rank()).count() / ranks.length;
    }
}
