package ai.modx.eval;

import java.util.List;
import java.util.stream.IntStream;

/** The ranges in which the paper counts angles: its tables of changes and of rotations. */
enum AngleBins {
    CHANGES(5, 10, 15, 20, 180),
    ROTATIONS(15, 20, 25, 30, 180);

    /** Upper edges in degrees, which belong to their range. */
    private final int[] edges;

    AngleBins(int... edges) {
        this.edges = edges;
    }

    int count() {
        return edges.length;
    }

    /** The range of an angle from 0 to 180 degrees; rounding may have made it a little more. */
    int of(double degrees) {
        int bin = 0;
        while (bin < edges.length - 1 && degrees > edges[bin]) {
            bin++;
        }
        return bin;
    }

    /** For example {@code [0,5]} and {@code (5,10]}. */
    List<String> names() {
        return IntStream.range(0, edges.length).mapToObj(bin -> (bin == 0 ? "[0" : "(" + edges[bin - 1]) + "," + edges[bin] + "]").toList();
    }
}
