package ai.modx.data;

import ai.modx.config.PlainText;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bad images that a run has met: told once each, counted, and no more than its policy allows. They are met when batches are
 * taken, not when they are loaded ahead, so that equal runs count the same at every step. Used by the thread that trains.
 */
public final class BadImages {

    private static final Logger LOG = LoggerFactory.getLogger(BadImages.class);

    private final BadImagePolicy policy;
    private final long seed;
    private final SortedSet<Integer> known;
    private final Map<Integer, BadImageException> met = new LinkedHashMap<>();

    /**
     * @param seed  of the run, by which replacements are chosen
     * @param known what the run has met before it was interrupted, by number in the data set
     */
    public BadImages(BadImagePolicy policy, long seed, Collection<Integer> known) {
        this.policy = policy;
        this.seed = seed;
        this.known = new TreeSet<>(known);
    }

    /** The samples of the run's data set, with as many bad ones replaced as the policy allows. */
    public Samples guard(Samples samples) {
        return new ReplacingSamples(samples, seed, policy.most(), this);
    }

    /**
     * Takes note of bad images.
     *
     * @throws DataException that names or lists them, if they are more than allowed
     */
    void add(Map<Integer, BadImageException> bad) {
        if (bad.isEmpty()) {
            return;
        }
        if (!policy.skips()) {
            BadImageException first = bad.values().iterator().next();
            throw new DataException(first.getMessage() + " Or train without such images: --on_bad_image skip", first);
        }
        bad.forEach((index, problem) -> {
            if (known.add(index)) {
                met.put(index, problem);
                LOG.warn("Image {}. Another one takes its place", PlainText.of(problem.file() + " " + problem.problem()));
            }
        });
        if (known.size() > policy.most()) {
            throw policy.tooMany(known.size() + " images that cannot be used were met", met.values());
        }
    }

    /** How many were met so far; empty if none is replaced. */
    public OptionalInt count() {
        return policy.skips() ? OptionalInt.of(known.size()) : OptionalInt.empty();
    }

    /** Numbers of those met so far in the data set, sorted. */
    public List<Integer> indices() {
        return List.copyOf(known);
    }

    /** Says at the end of a run what was left out. */
    public void report() {
        if (!known.isEmpty()) {
            LOG.warn("{} left out, and others trained on in their place. 'modx check-data' lists them",
                    known.size() == 1 ? "1 bad image was" : known.size() + " bad images were");
        }
    }
}
