package ai.modx.data.image;

import java.io.IOException;

/** A JPEG file is broken, or of a kind that its reader does not know. Mostly only a decision, so it remembers no stack. */
final class JpegException extends IOException {

    private static final long serialVersionUID = 1;

    JpegException(String reason) {
        super(reason);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    /** For a reader that leaves what it does not like to another one. */
    static void unless(boolean usual) throws JpegException {
        if (!usual) {
            throw new JpegException("it is of an unusual kind");
        }
    }

    /** @param reason in words that follow "cannot be decoded: " */
    static void unless(boolean right, String reason) throws JpegException {
        if (!right) {
            throw new JpegException(reason);
        }
    }
}
