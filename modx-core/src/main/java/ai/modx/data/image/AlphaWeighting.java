package ai.modx.data.image;

/**
 * Pillow resizes pictures with alpha in premultiplied form, so that the colours of transparent pixels do not bleed. Both
 * directions round to 8 bits, and are lossy.
 */
final class AlphaWeighting {

    private AlphaWeighting() {}

    /**
     * Multiplies colours by alpha, in place.
     *
     * @param pixels of {@code bands} bytes, alpha last
     * @param count  bytes to convert
     */
    static void premultiply(byte[] pixels, int count, int bands) {
        for (int i = 0; i < count; i += bands) {
            int alpha = pixels[i + bands - 1] & 0xff;
            for (int band = 0; band < bands - 1; band++) {
                pixels[i + band] = (byte) Fractions.product(pixels[i + band] & 0xff, alpha);
            }
        }
    }

    /** Divides the colours of the first {@code count} bytes by alpha, in place; rounds down. */
    static void divide(byte[] pixels, int count, int bands) {
        for (int i = 0; i < count; i += bands) {
            int alpha = pixels[i + bands - 1] & 0xff;
            if (alpha == 0 || alpha == 255) {
                continue;
            }
            for (int band = 0; band < bands - 1; band++) {
                pixels[i + band] = (byte) Math.min(255, 255 * (pixels[i + band] & 0xff) / alpha);
            }
        }
    }
}
