package ai.modx.config;

/** Numbers of things in messages. */
public final class Count {

    private Count() {}

    /** Such as "1 step" and "2 steps". */
    public static String of(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
