package ai.modx.eval;

import ai.modx.data.ImageFolder;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a zero-shot classification came to.
 *
 * @param predictions of every image, in the folder's order
 */
public record ZeroShotReport(ImageFolder folder, ClassNames names, PromptTemplates templates, List<Prediction> predictions) {

    private static final int TOP = 5;

    /**
     * Of one image.
     *
     * @param rank          of the right class, counted from 0; ties, and scores that are no numbers, count against the model
     * @param best          the {@value ZeroShotReport#TOP} most probable classes, or all if there are fewer
     * @param probabilities theirs: the softmax of the logits
     */
    public record Prediction(int rank, int[] best, double[] probabilities) {}

    /** Collects predictions batch by batch. */
    static final class Builder {

        private final ImageFolder folder;
        private final ClassNames names;
        private final PromptTemplates templates;
        private final double scale;
        private final int[] labels;
        private final Prediction[] predictions;

        Builder(ImageFolder folder, ClassNames names, PromptTemplates templates, double scale) {
            this.folder = folder;
            this.names = names;
            this.templates = templates;
            this.scale = scale;
            this.labels = folder.labels();
            this.predictions = new Prediction[folder.size()];
        }

        /**
         * Adds an image; from any thread.
         *
         * @param image   which one
         * @param cosines with the classes, [C]
         */
        void add(int image, double[] cosines) {
            predictions[image] = prediction(cosines, labels[image], scale);
        }

        ZeroShotReport build() {
            return new ZeroShotReport(folder, names, templates, List.of(predictions));
        }
    }

    private static Prediction prediction(double[] cosines, int label, double scale) {
        int rank = (int) IntStream.range(0, cosines.length).filter(other -> other != label && !(cosines[other] < cosines[label])).count();
        int[] best = IntStream.range(0, cosines.length).boxed().sorted(Comparator.comparing((Integer other) -> -cosines[other])).limit(TOP)
                .mapToInt(Integer::intValue).toArray();
        double top = Arrays.stream(cosines).max().orElseThrow(); // so that the exponentials stay finite
        double all = Arrays.stream(cosines).map(cosine -> Math.exp(scale * (cosine - top))).sum();
        return new Prediction(rank, best, Arrays.stream(best).mapToDouble(other -> Math.exp(scale * (cosines[other] - top)) / all).toArray());
    }

    /** Images whose right class is the most probable, in percent. */
    public double top1() {
        return accuracy(1);
    }

    /** Images whose right class is among the five most probable, in percent. */
    public double top5() {
        return accuracy(TOP);
    }

    private double accuracy(int top) {
        return 100.0 * predictions.stream().filter(prediction -> prediction.rank < top).count() / predictions.size();
    }

    /** Top-1 of every class, in percent. */
    public double[] recalls() {
        int[] labels = folder.labels();
        int[] hits = new int[names.words().size()];
        int[] counts = new int[hits.length];
        for (int i = 0; i < labels.length; i++) {
            counts[labels[i]]++;
            hits[labels[i]] += predictions.get(i).rank == 0 ? 1 : 0;
        }
        return IntStream.range(0, hits.length).mapToDouble(label -> 100.0 * hits[label] / counts[label]).toArray();
    }

    /** The mean of the classes' recalls, in percent. */
    public double meanRecall() {
        return Arrays.stream(recalls()).average().orElseThrow();
    }

    /** A table with one line. */
    public String toText() {
        TextTable table = new TextTable(List.of("images", "classes", "prompts per name", "top-1", "top-5", "mean recall"));
        table.add(List.of(Integer.toString(predictions.size()), Integer.toString(names.words().size()),
                Integer.toString(templates.sentences().size()), RetrievalReport.rounded(top1()), RetrievalReport.rounded(top5()),
                RetrievalReport.rounded(meanRecall())));
        return table.toString();
    }

    /**
     * {@code {"images", "top1", "top5", "mean_recall", "templates": [...], "classes": [{"folder", "names", "recall"}],
     * "predictions": [{"file", "class", "rank", "best": [...], "probabilities": [...]}]}}; classes by their folders' names, ranks
     * counted from 1.
     */
    public String toJson() {
        ObjectNode json = ResultFile.JSON.createObjectNode();
        json.put("images", predictions.size()).put("top1", top1()).put("top5", top5()).put("mean_recall", meanRecall());
        templates.sentences().forEach(json.putArray("templates")::add);
        ArrayNode classes = json.putArray("classes");
        double[] recalls = recalls();
        for (int label = 0; label < recalls.length; label++) {
            ObjectNode entry = classes.addObject().put("folder", folder.classes().get(label));
            names.words().get(label).forEach(entry.putArray("names")::add);
            entry.put("recall", recalls[label]);
        }
        ArrayNode images = json.putArray("predictions");
        int[] labels = folder.labels();
        for (int i = 0; i < labels.length; i++) {
            Prediction prediction = predictions.get(i);
            Path file = folder.root().relativize(folder.files().get(i));
            ObjectNode entry = images.addObject().put("file", file.toString().replace('\\', '/'))
                    .put("class", folder.classes().get(labels[i])).put("rank", prediction.rank + 1);
            List<String> best = new ArrayList<>();
            Arrays.stream(prediction.best).forEach(label -> best.add(folder.classes().get(label)));
            best.forEach(entry.putArray("best")::add);
            ArrayNode probabilities = entry.putArray("probabilities");
            Arrays.stream(prediction.probabilities).forEach(probabilities::add);
        }
        return json.toPrettyString();
    }

    /** Writes {@link #toJson} to a file. */
    public void write(Path file) {
        ResultFile.write(file, toJson() + "\n");
    }
}
