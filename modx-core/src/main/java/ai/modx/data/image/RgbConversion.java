package ai.modx.data.image;

/** Pictures of any mode to RGB, as Pillow's {@code convert("RGB")} does it: alpha is dropped, inks are multiplied. */
final class RgbConversion {

    private RgbConversion() {}

    /**
     * @param in      [pixels, mode.bytes()]
     * @param palette RGB triples for {@link PixelMode#PALETTE}; an index behind its end is black
     * @param rgb     receives [pixels, 3]; may be {@code in} if that has no fewer bytes
     */
    static void convert(PixelMode mode, byte[] in, byte[] palette, int pixels, byte[] rgb) {
        switch (mode) {
            case RGB -> System.arraycopy(in, 0, rgb, 0, 3 * pixels); // onto itself, perhaps
            case RGBA -> dropAlpha(in, pixels, rgb);
            case BILEVEL, GRAY, GRAY_ALPHA -> repeat(in, mode.bytes(), pixels, rgb);
            case PALETTE -> lookUp(in, palette, pixels, rgb);
            case CMYK -> multiplyInks(in, pixels, rgb);
            case GRAY16 -> clip(in, pixels, rgb);
        }
    }

    /**
     * Gray or RGB.
     *
     * @param in    [pixels, bands]
     * @param bands 1 or 3
     * @param rgb   receives [pixels, 3]
     */
    static void convert(int bands, byte[] in, int pixels, byte[] rgb) {
        if (bands == 1) {
            repeat(in, 1, pixels, rgb);
        } else {
            System.arraycopy(in, 0, rgb, 0, 3 * pixels);
        }
    }

    private static void dropAlpha(byte[] in, int pixels, byte[] rgb) {
        for (int i = 0; i < pixels; i++) {
            System.arraycopy(in, 4 * i, rgb, 3 * i, 3);
        }
    }

    private static void repeat(byte[] in, int stride, int pixels, byte[] rgb) {
        for (int i = 0, target = 0; i < pixels; i++) {
            byte gray = in[i * stride];
            rgb[target++] = gray;
            rgb[target++] = gray;
            rgb[target++] = gray;
        }
    }

    /** Gray of 16 bits is not scaled but cut at 255, and so mostly white. */
    private static void clip(byte[] in, int pixels, byte[] rgb) {
        for (int i = 0; i < pixels; i++) {
            byte gray = in[2 * i] == 0 ? in[2 * i + 1] : (byte) 255;
            for (int band = 0; band < 3; band++) {
                rgb[3 * i + band] = gray;
            }
        }
    }

    private static void lookUp(byte[] in, byte[] palette, int pixels, byte[] rgb) {
        for (int i = 0; i < pixels; i++) {
            int entry = 3 * (in[i] & 0xff);
            for (int band = 0; band < 3; band++) {
                rgb[3 * i + band] = entry + 3 <= palette.length ? palette[entry + band] : 0;
            }
        }
    }

    /** Light = (1 - key) (1 - ink). */
    private static void multiplyInks(byte[] in, int pixels, byte[] rgb) {
        for (int i = 0; i < pixels; i++) {
            int light = 255 - (in[4 * i + 3] & 0xff);
            for (int band = 0; band < 3; band++) {
                rgb[3 * i + band] = (byte) Math.max(0, light - Fractions.product(in[4 * i + band] & 0xff, light));
            }
        }
    }
}
