package ai.modx.data;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

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

    /**
     * Looks at images before a run, so that it does not end in its first epoch for want of one. Damage in the middle of a
     * file shows only when it is loaded.
     *
     * @throws DataException that lists the bad ones, if there are more than allowed
     */
    public void requireUsable(List<Path> files) {
        requireAtMost(limit.orElse(0), files, bad -> tooMany(bad.size() + " of " + files.size() + " images cannot be used", bad));
    }

    /**
     * The same for images to evaluate on, of which none is ever left out: a measure over fewer images would be another measure.
     *
     * @throws DataException that lists the bad ones
     */
    public static void requireAllUsable(List<Path> files) {
        requireAtMost(0, files, bad -> bad.size() + " of " + files.size() + " images to evaluate on cannot be used:" + list(bad)
                + "\n'modx check-data' lists all that is wrong with a data set. Repair it: evaluation leaves nothing out");
    }

    private static void requireAtMost(int most, List<Path> files, Function<Collection<BadImageException>, String> message) {
        Collection<BadImageException> bad = ImageInspection.glance(files).values();
        if (bad.size() > most) {
            throw new DataException(message.apply(bad));
        }
    }

    /** The message for more bad images than allowed. */
    String tooMany(String count, Collection<BadImageException> bad) {
        return count + limit.map(most -> ", more than the " + most + " of --max_bad_images").orElse("") + ":" + list(bad)
                + "\n'modx check-data' lists all that is wrong with a data set. Repair it, or "
                + (skips() ? "allow more" : "train without these images: --on_bad_image skip");
    }

    private static String list(Collection<BadImageException> bad) {
        return bad.stream().limit(LISTED).map(image -> "\n  " + image.file() + " " + image.problem()).collect(Collectors.joining())
                + (bad.size() > LISTED ? "\n  and " + (bad.size() - LISTED) + " more" : "");
    }
}
