package ai.modx.data.image;

/**
 * How the samples of a picture are to be understood: the modes that Pillow gives to JPEG and PNG files. Pillow resizes a
 * picture in its own mode and converts it to RGB afterwards, so the mode decides the arithmetic.
 */
enum PixelMode {
    /** Black and white, 0 or 255. */
    BILEVEL(1),
    GRAY(1),
    GRAY_ALPHA(2),
    /** Indices into a palette of RGB triples. */
    PALETTE(1),
    RGB(3),
    RGBA(4),
    /** Ink, 0 none and 255 full. */
    CMYK(4),
    /** Gray of 16 bits: one sample is two bytes, high byte first. */
    GRAY16(2);

    private final int bytes;

    PixelMode(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one pixel. */
    int bytes() {
        return bytes;
    }

    boolean hasAlpha() {
        return this == GRAY_ALPHA || this == RGBA;
    }

    /** Whether a mixture of two samples would be meaningless, so that resizing can only pick samples. */
    boolean isCode() {
        return this == BILEVEL || this == PALETTE;
    }
}
