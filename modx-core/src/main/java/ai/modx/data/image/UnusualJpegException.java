package ai.modx.data.image;

/** A JPEG file is damaged, or of a rare kind: something for a complete library. */
final class UnusualJpegException extends Exception {

    private static final long serialVersionUID = 1;

    private UnusualJpegException() {
        super("unusual", null, false, false); // carries no news, only the decision
    }

    static void unless(boolean usual) throws UnusualJpegException {
        if (!usual) {
            throw new UnusualJpegException();
        }
    }
}
