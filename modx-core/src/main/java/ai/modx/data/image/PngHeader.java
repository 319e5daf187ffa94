package ai.modx.data.image;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/**
 * What the chunks of a PNG file before its pixels say.
 *
 * @param width   columns
 * @param height  rows
 * @param depth   bits per sample: 1, 2, 4, 8 or 16
 * @param colour  PNG's colour type: 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGB and alpha
 * @param palette RGB triples; empty without one
 */
record PngHeader(int width, int height, int depth, int colour, byte[] palette) implements ImageHeader {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int IHDR = 0x49484452;
    private static final int PLTE = 0x504c5445;
    private static final int IDAT = 0x49444154;

    static boolean isPng(byte[] data, int size) {
        return size >= SIGNATURE.length && Arrays.equals(data, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
    }

    /**
     * Reads the chunks up to the pixels. Every length is checked against the file, because ImageIO allocates by them.
     *
     * @throws EOFException if the bytes end before the pixels
     * @throws IOException  if this is no PNG that can be decoded
     */
    static PngHeader parse(byte[] data, int size) throws IOException {
        if (u32(data, size, 12) != IHDR || u32(data, size, 8) != 13) {
            throw new IOException("the first chunk is not the image header");
        }
        int width = u32(data, size, 16);
        int height = u32(data, size, 20);
        int depthAndColour = u32(data, size, 24) >>> 16;
        if (width < 1 || height < 1) {
            throw new IOException("its size is " + Integer.toUnsignedString(width) + " x " + Integer.toUnsignedString(height));
        }
        byte[] palette = {};
        for (long at = SIGNATURE.length; ; ) {
            long length = Integer.toUnsignedLong(u32(data, size, at));
            int type = u32(data, size, at + 4);
            if (type == IDAT) {
                return new PngHeader(width, height, depthAndColour >> 8, depthAndColour & 0xff, palette);
            }
            if (at + 12 + length > size) {
                throw new EOFException();
            }
            if (type == PLTE) {
                palette = Arrays.copyOfRange(data, (int) at + 8, (int) (at + 8 + length));
            }
            at += 12 + length;
        }
    }

    /** The fewest bytes that such a picture can take: deflate makes a byte of at most 1032. */
    long leastBytes() {
        int samples = colour == 2 ? 3 : colour == 4 ? 2 : colour == 6 ? 4 : 1;
        return (1 + ((long) width * samples * depth + Byte.SIZE - 1) / Byte.SIZE) * height / 1032;
    }

    /** The mode that Pillow gives to such a file; transparent colours of a palette or of plain pictures do not count. */
    PixelMode mode() throws IOException {
        return switch (colour) {
            case 0 -> depth == 16 ? PixelMode.GRAY16 : depth == 1 ? PixelMode.BILEVEL : PixelMode.GRAY;
            case 2 -> PixelMode.RGB;
            case 3 -> PixelMode.PALETTE;
            case 4 -> PixelMode.GRAY_ALPHA;
            case 6 -> PixelMode.RGBA;
            default -> throw new IOException("unknown colour type " + colour);
        };
    }

    private static int u32(byte[] data, int size, long at) throws EOFException {
        if (at + 4 > size) {
            throw new EOFException();
        }
        int i = (int) at;
        return data[i] << 24 | (data[i + 1] & 0xff) << 16 | (data[i + 2] & 0xff) << 8 | data[i + 3] & 0xff;
    }
}
