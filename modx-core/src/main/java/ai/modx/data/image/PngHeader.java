package ai.modx.data.image;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * What the chunks of a PNG file before its pixels say.
 *
 * @param width       columns
 * @param height      rows
 * @param depth       bits per sample: 1, 2, 4, 8 or 16
 * @param colour      PNG's colour type: 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGB and alpha
 * @param interlaced  whether the pixels come in seven passes
 * @param transparent whether it names a transparent colour
 * @param palette     RGB triples; empty without one
 * @param sound       whether the checksums of what is above are right
 * @param firstData   where the first chunk of pixels begins
 */
record PngHeader(int width, int height, int depth, int colour, boolean interlaced, boolean transparent, byte[] palette, boolean sound,
        int firstData) implements ImageHeader {

    static final int IDAT = 0x49444154;
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte[] END = {0, 0, 0, 0, 'I', 'E', 'N', 'D', (byte) 0xae, 0x42, 0x60, (byte) 0x82};
    private static final int IHDR = 0x49484452;
    private static final int IEND = 0x49454e44;
    private static final int PLTE = 0x504c5445;
    private static final int TRNS = 0x74524e53;

    /** So many first bytes tell what {@link #isDeepGray} asks. */
    static final int BYTES_OF_KIND = 26;

    /** Whether a file is PNG of 16-bit gray. */
    static boolean isDeepGray(byte[] data, int size) {
        return size >= BYTES_OF_KIND && isPng(data, size) && data[24] == 16 && data[25] == 0;
    }

    static boolean isPng(byte[] data, int size) {
        return size >= SIGNATURE.length && Arrays.equals(data, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
    }

    /**
     * Reads the chunks up to the pixels.
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
        boolean interlaced = (u32(data, size, 25) & 0xff) != 0;
        byte[] palette = {};
        boolean transparent = false;
        boolean sound = true;
        for (long at = SIGNATURE.length; ; ) {
            long length = Integer.toUnsignedLong(u32(data, size, at));
            int type = u32(data, size, at + 4);
            if (type == IDAT) {
                PngHeader header = new PngHeader(width, height, depthAndColour >> 8, depthAndColour & 0xff, interlaced, transparent,
                        palette, sound, (int) at);
                header.requireKnown();
                return header;
            }
            if (type == IEND) {
                throw new IOException("it ends without pixels");
            }
            if (at + 12 + length > size) {
                throw new EOFException();
            }
            if (type == PLTE) {
                palette = Arrays.copyOfRange(data, (int) at + 8, (int) (at + 8 + length));
            }
            transparent |= type == TRNS;
            if (type == PLTE || type == IHDR) {
                CRC32 checksum = new CRC32();
                checksum.update(data, (int) at + 4, (int) length + 4);
                sound &= (int) checksum.getValue() == u32(data, size, at + 8 + length);
            }
            at += 12 + length;
        }
    }

    @Override
    public byte[] end() {
        return END.clone();
    }

    /** Deflate makes a byte of at most 1032. */
    @Override
    public long leastBytes() {
        return (1L + rowBytes(width)) * height / 1032;
    }

    /** Bytes of so many pixels of a row. */
    int rowBytes(int columns) {
        return (int) (((long) columns * samples() * depth + Byte.SIZE - 1) / Byte.SIZE);
    }

    /** Bytes from a pixel to the next one; 1 if that is none. */
    int pixelBytes() {
        return Math.max(1, samples() * depth / Byte.SIZE);
    }

    private int samples() {
        return colour == 2 ? 3 : colour == 4 ? 2 : colour == 6 ? 4 : 1;
    }

    private void requireKnown() throws IOException {
        boolean known = colour == 0 || colour == 2 || colour == 3 || colour == 4 || colour == 6;
        boolean few = depth == 1 || depth == 2 || depth == 4;
        if (!known || !(depth == 8 || few && (colour == 0 || colour == 3) || depth == 16 && colour != 3)) {
            throw new IOException("no picture is of colour type " + colour + " with samples of " + depth + " bits");
        }
    }

    /**
     * The mode that Pillow gives to such a file. Transparent colours of a palette or of plain pictures do not count, except that black and
     * white with one is gray, and resized like gray: where Pillow resizes before it converts, it would pick pixels.
     */
    PixelMode mode() {
        return switch (colour) {
            case 0 -> depth == 16 ? PixelMode.GRAY16 : depth == 1 && !transparent ? PixelMode.BILEVEL : PixelMode.GRAY;
            case 2 -> PixelMode.RGB;
            case 3 -> PixelMode.PALETTE;
            case 4 -> PixelMode.GRAY_ALPHA;
            default -> PixelMode.RGBA;
        };
    }

    static int u32(byte[] data, int size, long at) throws EOFException {
        if (at + 4 > size) {
            throw new EOFException();
        }
        int i = (int) at;
        return data[i] << 24 | (data[i + 1] & 0xff) << 16 | (data[i + 2] & 0xff) << 8 | data[i + 3] & 0xff;
    }
}
