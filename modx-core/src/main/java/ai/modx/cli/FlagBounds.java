package ai.modx.cli;

import ai.modx.config.ConfigException;

/** Refuses values of flags that stand for themselves: too small, too large, not finite. */
public final class FlagBounds {

    private static final int MOST_WORKERS = 1024;

    private FlagBounds() {}

    /** @throws ConfigException that names the flag, if its value is smaller */
    public static void atLeast(String flag, long value, long smallest) {
        require(value >= smallest, flag, value, smallest + " or more");
    }

    /** @throws ConfigException that names the flag, if its value is negative or not finite */
    public static void notNegative(String flag, double value) {
        require(value >= 0 && Double.isFinite(value), flag, value, "a number of 0 or more");
    }

    /** @throws ConfigException that names the flag, if its value is not above 0 or not finite */
    public static void positive(String flag, double value) {
        require(value > 0 && Double.isFinite(value), flag, value, "a number above 0");
    }

    /** @throws ConfigException that names the flag, if more loader threads than any machine has use for are asked for */
    public static void workers(String flag, long value) {
        atLeast(flag, value, 0);
        require(value <= MOST_WORKERS, flag, value, "at most " + MOST_WORKERS + "; more threads than cores load nothing faster");
    }

    private static void require(boolean fulfilled, String flag, Object value, String expected) {
        if (!fulfilled) {
            throw new ConfigException(flag + " " + value + ": expected " + expected);
        }
    }
}
