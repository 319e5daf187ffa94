package ai.modx.data;

import java.util.List;

/**
 * How far something is, in words, what matters most first. It goes the way of the log, as the one argument of an event: whoever shows
 * the log shows the newest in place of the one before, and the two never get in each other's way.
 *
 * @param parts as many as fit are shown
 */
public record Progress(List<String> parts) {

    /** Nothing is under way any more. */
    public static final Progress NONE = new Progress(List.of());

    /** A time that a person can read, such as {@code 2 h 3 min}. */
    public static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60 ? whole + " s"
                : whole < 3600 ? whole / 60 + " min " + whole % 60 + " s" : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }

    @Override
    public String toString() {
        return String.join("  ", parts);
    }
}
