package ai.modx.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Says in one phrase how a set of named tensors differs from the one that is expected. */
final class ShapeDifference {

    private ShapeDifference() {}

    /** For example {@code missing a (and 2 more); shape of b is [3], expected [4]}; empty if there is no difference. */
    static String between(Map<String, long[]> found, Map<String, long[]> expected) {
        List<String> missing = expected.keySet().stream().filter(name -> !found.containsKey(name)).toList();
        List<String> unexpected = found.keySet().stream().filter(name -> !expected.containsKey(name)).toList();
        List<String> shapes = new ArrayList<>();
        expected.forEach((name, shape) -> {
            if (found.containsKey(name) && !Arrays.equals(found.get(name), shape)) {
                shapes.add(name + " is " + Arrays.toString(found.get(name)) + ", expected " + Arrays.toString(shape));
            }
        });
        return String.join("; ", Stream.of(phrase("missing ", missing), phrase("unexpected ", unexpected), phrase("shape of ", shapes))
                .filter(phrase -> !phrase.isEmpty()).toList());
    }

    /** @throws CheckpointException if the shapes differ */
    static void check(String what, long[] found, long[] expected) {
        if (!Arrays.equals(found, expected)) {
            throw new CheckpointException(what + " has shape " + Arrays.toString(found) + ", expected " + Arrays.toString(expected));
        }
    }

    private static String phrase(String what, List<String> items) {
        return items.isEmpty() ? "" : what + items.get(0) + (items.size() == 1 ? "" : " (and " + (items.size() - 1) + " more)");
    }
}
