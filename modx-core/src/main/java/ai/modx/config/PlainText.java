package ai.modx.config;

/** Keeps what is said to people readable: names in a hostile file may be long, or hold control characters that a terminal would obey. */
public final class PlainText {

    private static final int MAX_LENGTH = 4000;

    private PlainText() {}

    /** A message with control characters other than line breaks replaced, cut where it is very long. */
    public static String of(String message) {
        String shortened = message.length() <= MAX_LENGTH ? message : message.substring(0, MAX_LENGTH) + "...";
        return shortened.replaceAll("[\\p{Cntrl}\\u0080-\\u009f&&[^\n]]", "?");
    }
}
