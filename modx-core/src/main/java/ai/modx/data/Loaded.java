package ai.modx.data;

import java.util.Map;

/**
 * What was loaded into a row of a batch.
 *
 * @param index of the sample: the one that was asked for, or the one that replaces it
 * @param bad   the samples that were tried before, by index
 */
public record Loaded(int index, Map<Integer, BadImageException> bad) {

    /** The sample that was asked for. */
    public static Loaded asked(int index) {
        return new Loaded(index, Map.of());
    }
}
