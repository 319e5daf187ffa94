package ai.modx.train;

import ai.modx.checkpoint.Tree;
import ai.modx.config.ConfigException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What decides about the numbers of a run: a run is continued by one that has the same.
 *
 * @param values by the name of the flag
 */
public record RunIdentity(Map<String, String> values) {

    private static final Logger LOG = LoggerFactory.getLogger(RunIdentity.class);

    private static final String MISSING = "unset";

    /** What decided about the last digits once and is the program's choice now. Runs that were begun with it go on. */
    private static final Set<String> RETIRED = Set.of("linear_layers", "--linear-layers");

    public RunIdentity {
        values = new LinkedHashMap<>(values); // in its order, which a checkpoint shows
        values.keySet().removeAll(RETIRED);
    }

    /** Of settings by flag, as they are written down. */
    public static RunIdentity of(Map<String, Object> settings) {
        Map<String, String> texts = new LinkedHashMap<>();
        settings.forEach((flag, value) -> texts.put(flag, value instanceof Map ? RunJson.line(value) : value.toString()));
        return new RunIdentity(texts);
    }

    /** As a checkpoint holds it. */
    public static RunIdentity of(Tree saved) {
        Map<String, String> texts = new LinkedHashMap<>();
        saved.asMap().forEach((flag, value) -> texts.put(flag, value.asString()));
        return new RunIdentity(texts);
    }

    /** Whether a run that differs may be continued. */
    public enum Continuation {
        /** Only the same run. */
        EXACT,
        /** Whatever differs, {@code --force}. */
        FORCED
    }

    /**
     * Checks that the run that is asked for is the one that was interrupted.
     *
     * @param where        the interrupted run, for messages
     * @param interrupted  its identity
     * @param alternative  what else could be done, for the message
     * @return whether it is the same; never false unless forced
     * @throws ConfigException that names the differences, unless they are accepted
     */
    public boolean requireSame(String where, RunIdentity interrupted, Continuation continuation, String alternative) {
        List<String> differences = differences(interrupted);
        if (differences.isEmpty()) {
            return true;
        }
        String found = where + ": that run has " + String.join("; ", differences);
        if (continuation == Continuation.EXACT) {
            throw new ConfigException(found + ". Continue it with the same, accept the difference with --force, or " + alternative);
        }
        LOG.warn("{}. Continued all the same (--force): the result is neither run's", found);
        return false;
    }

    private List<String> differences(RunIdentity before) {
        List<String> differences = new ArrayList<>();
        values.forEach((key, now) -> {
            String then = before.values.getOrDefault(key, MISSING);
            if (!then.equals(now)) {
                differences.add(key + " " + then + ", this one " + now);
            }
        });
        before.values.forEach((key, then) -> {
            if (!values.containsKey(key)) {
                differences.add(key + " " + then + ", this one " + MISSING);
            }
        });
        return differences;
    }
}
