package ai.modx.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Python's tuple, kept apart from a list because Python code tells them apart.
 *
 * @param items the members; {@code null} stands for Python's {@code None}
 */
public record Tuple(List<Object> items) {

    public Tuple {
        items = Collections.unmodifiableList(new ArrayList<>(items));
    }

    public static Tuple of(Object... items) {
        return new Tuple(Arrays.asList(items));
    }

    /** As Python writes it, but for its one member's comma. */
    @Override
    public String toString() {
        return items.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
    }
}
