package ai.modx.eval;

import ai.djl.Device;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How features moved over a sequence of checkpoints: the analyses of the Mod-X paper (sec. 3.2 and app. B.2), and numbers for
 * what they show.
 *
 * @param checkpoints their names, numbered from 0
 * @param pairs       number of images with one text each
 * @param steps       from each checkpoint to the next, and from the first to the last
 */
public record DriftReport(List<String> checkpoints, int pairs, List<DriftStep> steps) {

    /** Definitions and sources. */
    static final String LEGEND = """
            Unit features of the test set's images and of the first caption of each; angles in degrees; shares of all angles in per cent.
            i-j compares checkpoint i with the later checkpoint j.
            self-angle change (SAM)    |angle(a, b) before - angle(a, b) after| of every pair of samples of one modality: its topology
            rotation (RAM)             angle between a sample's features before and after
            inter-modal change (ImAV)  |angle(image, its text) before - after|, of all pairs, and of those whose text the earlier checkpoint
                                       ranks first for the image. The paper takes the training samples of the phase; here it is the test set
            SAM, RAM, ImAV and their ranges: Ni et al. 2023 (Mod-X), sec. 3.2 and app. B.2; mean: mean angle.
            Procrustes share           share of the squared movement |X - Y|^2 that one orthogonal map of the modality takes away
                                       (Schoenemann 1966); 100: the modality turned as a whole. Few samples for the width raise it
            angle of maps              mean angle between what the image map and the text map make of the same feature; 0: both modalities
                                       turned alike, so that nothing between them changed
            neighbours kept            mean share of a sample's 10 nearest neighbours in its modality that still are among them; as in Dynamic
                                       Adapter Routing (2026), app. C
            """;

    private static final String NOTHING = "-";

    public DriftReport {
        checkpoints = List.copyOf(checkpoints);
        steps = List.copyOf(steps);
    }

    /**
     * Compares checkpoints.
     *
     * @param features by the checkpoint's name, in the order of training; at least two, of the same pairs
     * @param device   what is computed on
     */
    public static DriftReport of(Map<String, DriftFeatures> features, Device device) {
        List<DriftFeatures> all = List.copyOf(features.values());
        List<DriftStep> steps = new ArrayList<>();
        for (int i = 1; i < all.size(); i++) {
            steps.add(step(all, i - 1, i, device));
        }
        if (all.size() > 2) {
            steps.add(step(all, 0, all.size() - 1, device));
        }
        return new DriftReport(List.copyOf(features.keySet()), all.get(0).size(), steps);
    }

    private static DriftStep step(List<DriftFeatures> all, int from, int to, Device device) {
        return DriftStep.between(from + "-" + to, all.get(from), all.get(to), device);
    }

    /** The histograms of a step by their titles, images before texts. */
    static Map<String, AngleHistogram> histograms(DriftStep step) {
        Map<String, AngleHistogram> histograms = new LinkedHashMap<>();
        histograms.put("self-angle change, images", step.image().selfAngles().changes());
        histograms.put("rotation, images", step.image().rotations());
        histograms.put("inter-modal change", step.interModal());
        histograms.put("self-angle change, texts", step.text().selfAngles().changes());
        histograms.put("rotation, texts", step.text().rotations());
        histograms.put("inter-modal change, retrieved", step.interModalRetrieved());
        return histograms;
    }

    /** Tables and legend. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < checkpoints.size(); i++) {
            text.append(i).append("  ").append(checkpoints.get(i)).append('\n');
        }
        text.append(pairs).append(" pairs\n\n").append(numbers());
        histograms(steps.get(0)).keySet().forEach(title -> text.append('\n').append(table(title)));
        return text.append('\n').append(LEGEND).toString();
    }

    private String numbers() {
        TextTable table = new TextTable(List.of("step", "Procrustes share, images", "texts", "angle of maps", "neighbours kept, images", "texts"));
        for (DriftStep step : steps) {
            table.add(List.of(step.name(), rounded(step.image().mapShare()), rounded(step.text().mapShare()), rounded(step.mapsAngle()),
                    rounded(step.image().selfAngles().neighbourOverlap()), rounded(step.text().selfAngles().neighbourOverlap())));
        }
        boolean few = steps.stream().anyMatch(step -> step.image().map().isEmpty() || step.text().map().isEmpty());
        return table + (few ? "-: the shares and the angle of maps need more pairs than a feature has numbers\n" : "");
    }

    private String table(String title) {
        List<String> bins = histograms(steps.get(0)).get(title).bins().names();
        TextTable table = new TextTable(Stream.of(List.of(title), bins, List.of("mean", "angles")).flatMap(List::stream).toList());
        for (DriftStep step : steps) {
            AngleHistogram histogram = histograms(step).get(title);
            List<String> cells = new ArrayList<>(List.of(step.name()));
            for (double share : histogram.shares()) {
                cells.add(rounded(share));
            }
            cells.add(rounded(histogram.mean()));
            cells.add(Long.toString(histogram.count()));
            table.add(cells);
        }
        return table.toString();
    }

    private static String rounded(Optional<Double> number) {
        return number.map(DriftReport::rounded).orElse(NOTHING);
    }

    private static String rounded(double number) {
        return Double.isNaN(number) ? NOTHING : String.format(Locale.ROOT, "%.2f", number);
    }

    /** The same numbers; what is not defined is null. */
    public String toJson() {
        ObjectNode json = ResultFile.JSON.createObjectNode();
        checkpoints.forEach(json.putArray("checkpoints")::add);
        json.put("pairs", pairs);
        ArrayNode list = json.putArray("steps");
        for (DriftStep step : steps) {
            ObjectNode entry = list.addObject().put("step", step.name());
            entry.put("procrustes_share_images", step.image().mapShare().orElse(null)).put("procrustes_share_texts", step.text().mapShare().orElse(null));
            entry.put("angle_of_maps", step.mapsAngle().orElse(null));
            entry.put("neighbours_kept_images", step.image().selfAngles().neighbourOverlap());
            entry.put("neighbours_kept_texts", step.text().selfAngles().neighbourOverlap());
            histograms(step).forEach((title, histogram) -> putHistogram(entry.putObject(title), histogram));
        }
        return json.put("legend", LEGEND).toPrettyString();
    }

    private static void putHistogram(ObjectNode entry, AngleHistogram histogram) {
        entry.put("angles", histogram.count());
        if (histogram.count() > 0) {
            List<String> bins = histogram.bins().names();
            for (int bin = 0; bin < bins.size(); bin++) {
                entry.put(bins.get(bin), histogram.shares()[bin]);
            }
            entry.put("mean", histogram.mean());
        }
    }

    /** Writes text, JSON and plot as {@code NAME.txt}, {@code .json} and {@code .png} into a folder. */
    public void write(Path folder, String name) {
        ResultFile.write(folder.resolve(name + ".txt"), toText());
        ResultFile.write(folder.resolve(name + ".json"), toJson() + "\n");
        DriftPlot.write(this, folder.resolve(name + ".png"));
    }
}
