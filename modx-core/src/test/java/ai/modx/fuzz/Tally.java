package ai.modx.fuzz;

import java.util.Locale;

/**
 * What a reader did with inputs.
 *
 * @param inputs   that were tried
 * @param accepted how many of them were read without complaint; the others were refused as they should be
 * @param slowest  nanoseconds of processor time for one of them
 * @param largest  bytes that were allocated for one of them, at most
 */
public record Tally(int inputs, int accepted, long slowest, long largest) {

    static final Tally NONE = new Tally(0, 0, 0, 0);
    static final String HEAD = String.format(Locale.ROOT, "%-24s %9s %9s %9s %12s %12s%n", "reader",
            "inputs", "accepted", "refused", "slowest", "most memory");

    /** The same with another input. */
    Tally with(boolean isAccepted, long nanos, long bytes) {
        return new Tally(inputs + 1, accepted + (isAccepted ? 1 : 0), Math.max(slowest, nanos), Math.max(largest, bytes));
    }

    /** Both together. */
    Tally and(Tally other) {
        return new Tally(inputs + other.inputs, accepted + other.accepted, Math.max(slowest, other.slowest),
                Math.max(largest, other.largest));
    }

    /** A line of the table below {@link #HEAD}. */
    String line(String reader) {
        return String.format(Locale.ROOT, "%-24s %,9d %,9d %,9d %,9d ms %,9d MB%n", reader, inputs, accepted, inputs - accepted,
                slowest / 1_000_000, largest >> 20);
    }
}
