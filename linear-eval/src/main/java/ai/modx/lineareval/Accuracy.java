package ai.modx.lineareval;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How well validation images were classified, in percent.
 *
 * @param epoch      after which it was measured, counted from 0
 * @param acc1       share of images whose class is the best guess
 * @param acc5       share of images whose class is among the best five guesses
 * @param meanRecall mean over the classes of the share of their images that is guessed: every class counts the same
 */
record Accuracy(int epoch, double acc1, double acc5, double meanRecall) {

    /**
     * From counts by class.
     *
     * @param images of each class; classes without images do not count
     */
    static Accuracy of(int epoch, long[] images, long[] top1, long[] top5) {
        double all = Arrays.stream(images).sum();
        double recall = IntStream.range(0, images.length).filter(i -> images[i] > 0).mapToDouble(i -> 100.0 * top1[i] / images[i])
                .average().orElseThrow();
        return new Accuracy(epoch, 100 * Arrays.stream(top1).sum() / all, 100 * Arrays.stream(top5).sum() / all, recall);
    }

    /** The percentages, by the names they have in {@code stats.txt}. */
    Map<String, Double> scalars() {
        Map<String, Double> scalars = new LinkedHashMap<>();
        scalars.put("acc1", acc1);
        scalars.put("acc5", acc5);
        scalars.put("mean_recall", meanRecall);
        return scalars;
    }

    /** The one of two epochs with the higher acc@1; the earlier one, if they are equal. */
    Accuracy better(Accuracy later) {
        return later.acc1 > acc1 ? later : this;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "acc@1 %.2f, acc@5 %.2f, mean class recall %.2f", acc1, acc5, meanRecall);
    }
}
