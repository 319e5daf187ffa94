package ai.modx.eval;

import ai.djl.Device;
import ai.modx.torch.HostTensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How features moved from one checkpoint to a later one. Angles in degrees; {@link DriftReport#LEGEND} has the definitions.
 *
 * @param name                for example {@code 0-1}
 * @param image               of the images
 * @param text                of the texts
 * @param interModal          changes of the angle between an image and its text
 * @param interModalRetrieved the same over images whose text the earlier checkpoint finds
 * @param mapsAngle           between the two modalities' orthogonal maps; empty if there are none
 */
public record DriftStep(
        String name, Modality image, Modality text, AngleHistogram interModal, AngleHistogram interModalRetrieved, Optional<Double> mapsAngle) {

    /**
     * What happened to one modality.
     *
     * @param selfAngles changes of the angles among the samples, and neighbours
     * @param rotations  angles between before and after
     * @param map        the orthogonal map from before to after; empty if the samples are too few to tell
     * @param mapShare   the share of the movement that it explains, in percent; empty without one, or without any movement
     */
    record Modality(SelfAngles selfAngles, AngleHistogram rotations, Optional<OrthogonalMap> map, Optional<Double> mapShare) {

        static Modality between(HostTensor before, HostTensor after, Device device) {
            AngleHistogram rotations = new AngleHistogram(AngleBins.ROTATIONS);
            Arrays.stream(RowAngles.between(before, after)).forEach(rotations::add);
            boolean enough = before.shape()[0] > before.shape()[1];
            Optional<OrthogonalMap> map = enough ? Optional.of(OrthogonalMap.between(before, after, device)) : Optional.empty();
            return new Modality(SelfAngles.between(before, after, device), rotations, map,
                    map.map(found -> found.share(before, after, device)).filter(Double::isFinite));
        }
    }

    /** Compares two checkpoints on the same pairs, at least 2. */
    static DriftStep between(String name, DriftFeatures before, DriftFeatures after, Device device) {
        Modality image = Modality.between(before.images(), after.images(), device);
        Modality text = Modality.between(before.texts(), after.texts(), device);
        double[] earlier = RowAngles.between(before.images(), before.texts());
        double[] later = RowAngles.between(after.images(), after.texts());
        int[] ranks = new RankCounter(device).ranks(before.images(), before.texts(),
                IntStream.range(0, earlier.length).mapToObj(i -> new int[] {i}).toArray(int[][]::new));
        AngleHistogram all = new AngleHistogram(AngleBins.CHANGES);
        AngleHistogram retrieved = new AngleHistogram(AngleBins.CHANGES);
        for (int i = 0; i < earlier.length; i++) {
            double change = Math.abs(earlier[i] - later[i]);
            all.add(change);
            if (ranks[i] == 0) {
                retrieved.add(change);
            }
        }
        return new DriftStep(name, image, text, all, retrieved,
                image.map.flatMap(left -> text.map.map(right -> angle(left, right, before, device))));
    }

    /** How far apart the two maps bring a feature, on average over the earlier checkpoint's images and texts. */
    private static double angle(OrthogonalMap left, OrthogonalMap right, DriftFeatures of, Device device) {
        double images = Arrays.stream(RowAngles.between(left.apply(of.images(), device), right.apply(of.images(), device))).average().orElseThrow();
        double texts = Arrays.stream(RowAngles.between(left.apply(of.texts(), device), right.apply(of.texts(), device))).average().orElseThrow();
        return (images + texts) / 2;
    }
}
