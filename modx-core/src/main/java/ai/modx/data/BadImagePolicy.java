package ai.modx.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a run does about images that cannot be used.
 *
 * @param limit of how many another image takes the place; empty: the first one ends the run
 */
public record BadImagePolicy(Optional<Integer> limit) {

    /** The first bad image ends the run. */
    public static final BadImagePolicy FAIL = new BadImagePolicy(Optional.empty());

    private static final int LISTED = 20;

    /** Up to so many bad images are replaced. */
    public static BadImagePolicy skip(int limit) {
        return new BadImagePolicy(Optional.of(limit));
    }

    /** Whether bad images are replaced. */
    public boolean skips() {
        return limit.isPresent();
    }

    /** How many bad images a run may meet. */
    int most() {
        return limit.orElse(0);
    }

    /**
     * Looks at images before a run, so that it does not end in its first epoch for want of one. Damage in the middle of a
     * file shows only when it is loaded.
     *
     * @throws DataException that lists the bad ones, if there are more than allowed
     */
    public void requireUsable(List<Path> files) {
        Collection<BadImageException> bad = ImageInspection.glance(files).values();
        if (bad.size() > most()) {
            requireFolder(bad, files);
            throw tooMany(bad.size() + " of " + files.size() + " images cannot be used", bad);
        }
    }

    /** Where there is none at all, no list helps. */
    private static void requireFolder(Collection<BadImageException> bad, List<Path> files) {
        if (files.size() > 1 && bad.size() == files.size() && bad.stream().allMatch(image -> image.defect() == Defect.MISSING_IMAGE)) {
            throw new DataException("None of the " + files.size() + " images exists, the first not as " + files.get(0)
                    + ". Is this the right folder for the annotation file?");
        }
    }

    /**
     * The same for images to evaluate on, of which none is ever left out: a measure over fewer images would be another measure.
     *
     * @throws DataException that lists the bad ones
     */
    public static void requireAllUsable(List<Path> files) {
        Collection<BadImageException> bad = ImageInspection.glance(files).values();
        if (!bad.isEmpty()) {
            requireFolder(bad, files);
            throw listing(bad.size() + " of " + files.size() + " images to evaluate on cannot be used:", bad, "evaluation leaves nothing out");
        }
    }

    /** For more bad images than allowed. */
    DataException tooMany(String count, Collection<BadImageException> bad) {
        return listing(count + limit.map(most -> ", more than the " + most + " of --max_bad_images").orElse("") + ":", bad,
                skips() ? "or allow more" : "or train without these images: --on_bad_image skip");
    }

    private static DataException listing(String head, Collection<BadImageException> bad, String alternative) {
        List<String> lines = new ArrayList<>(List.of(head));
        bad.stream().limit(LISTED).forEach(image -> lines.add("  " + image.file() + " " + image.problem()));
        if (bad.size() > LISTED) {
            lines.add("  and " + (bad.size() - LISTED) + " more");
        }
        lines.add("'modx check-data' lists all that is wrong with a data set. Repair it, " + alternative);
        return new DataException(lines);
    }
}
