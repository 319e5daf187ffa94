package ai.modx.data.image;

import java.io.EOFException;
import java.io.IOException;

/**
 * What the segments of a JPEG file say, mostly those before the first scan.
 *
 * @param width      columns
 * @param height     rows
 * @param components 1, 3 or 4
 * @param luma       whether the first three components are luma and two colour differences
 * @param scans      passes over the picture in which it is stored, one or, in progressive files, about ten
 */
record JpegHeader(int width, int height, int components, boolean luma, int scans) implements ImageHeader {

    private static final int APP0 = 0xe0;
    private static final int APP14 = 0xee;
    private static final int START_OF_SCAN = 0xda;
    private static final int END_OF_IMAGE = 0xd9;
    private static final byte[] END = {(byte) 0xff, (byte) END_OF_IMAGE};

    static boolean isJpeg(byte[] data, int size) {
        return size >= 3 && data[0] == (byte) 0xff && data[1] == (byte) 0xd8 && data[2] == (byte) 0xff;
    }

    /**
     * Reads the segments. Those that do not matter for the pixels are not looked into: there may be mistakes in them.
     *
     * @throws EOFException if the bytes end before the first scan
     * @throws IOException  if this is no JPEG that can be decoded
     */
    static JpegHeader parse(byte[] data, int size) throws IOException {
        return new Parser(data, size).parse();
    }

    /** A bit for each block of 8 x 8 pixels. */
    @Override
    public long leastBytes() {
        return (long) width * height / (8 * 8 * Byte.SIZE);
    }

    @Override
    public boolean sound() {
        return true;
    }

    @Override
    public byte[] end() {
        return END.clone();
    }

    private static final class Parser {
        private final byte[] data;
        private final int size;
        private int position = 2; // behind the start-of-image marker
        private int frame = -1;
        private boolean jfif;
        private int adobeTransform = -1;

        Parser(byte[] data, int size) {
            this.data = data;
            this.size = size;
        }

        JpegHeader parse() throws IOException {
            for (int marker = nextMarker(); marker != START_OF_SCAN; marker = nextMarker()) {
                if (marker == END_OF_IMAGE) {
                    throw new IOException("it holds no picture");
                }
                if (standsAlone(marker)) {
                    continue;
                }
                int length = u16(position);
                if (length < 2) {
                    throw new IOException("segment of length " + length + " at byte " + position);
                }
                if (position + length > size) {
                    throw new EOFException();
                }
                segment(marker, position + 2, length - 2);
                position += length;
            }
            return header();
        }

        /** Markers without a segment. */
        private static boolean standsAlone(int marker) {
            return marker == 0x01 || marker >= 0xd0 && marker <= 0xd8;
        }

        /** From the first scan to the end; what is wrong on the way is for the decoder to find. */
        private int scans() {
            int scans = 1;
            try {
                for (int marker = nextMarker(); marker != END_OF_IMAGE; marker = nextMarker()) {
                    scans += marker == START_OF_SCAN ? 1 : 0;
                    position += standsAlone(marker) ? 0 : u16(position);
                }
            } catch (EOFException e) {
                return scans;
            }
            return scans;
        }

        private int nextMarker() throws EOFException {
            while (u8(position) != 0xff || u8(position + 1) == 0xff || u8(position + 1) == 0) {
                position++; // bytes between segments are skipped, as libjpeg does
            }
            position += 2;
            return u8(position - 1);
        }

        private void segment(int marker, int start, int length) throws IOException {
            boolean startOfFrame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
            if (startOfFrame) {
                if (length < 6 || length < 6 + 3 * u8(start + 5)) {
                    throw new IOException("frame header of " + length + " bytes");
                }
                frame = start;
            } else if (marker == APP0 && length >= 14 && startsWith(start, "JFIF\0")) {
                jfif = true;
            } else if (marker == APP14 && length >= 12 && startsWith(start, "Adobe")) {
                adobeTransform = u8(start + 11);
            }
        }

        private JpegHeader header() throws IOException {
            if (frame < 0) {
                throw new IOException("no frame header before the first scan");
            }
            int bits = u8(frame);
            int height = u16(frame + 1);
            int width = u16(frame + 3);
            int components = u8(frame + 5);
            if (bits != 8) {
                throw new IOException(bits + " bits per sample where 8 are supported");
            }
            if (width == 0 || height == 0) {
                throw new IOException("its size is " + width + " x " + height);
            }
            return switch (components) {
                case 1 -> new JpegHeader(width, height, 1, false, scans());
                case 3 -> new JpegHeader(width, height, 3, threeComponentsAreLuma(), scans());
                case 4 -> new JpegHeader(width, height, 4, adobeTransform > 0, scans());
                default -> throw new IOException(components + " colour components where 1, 3 or 4 are supported");
            };
        }

        /** libjpeg's rule, which differs from that of the JDK for files with neither a JFIF nor an Adobe segment. */
        private boolean threeComponentsAreLuma() throws IOException {
            if (jfif || adobeTransform > 0) {
                return true;
            }
            boolean namedRgb = u8(frame + 6) == 'R' && u8(frame + 9) == 'G' && u8(frame + 12) == 'B';
            return adobeTransform < 0 && !namedRgb;
        }

        private boolean startsWith(int start, String text) {
            for (int i = 0; i < text.length(); i++) {
                if (data[start + i] != text.charAt(i)) {
                    return false;
                }
            }
            return true;
        }

        private int u8(int at) throws EOFException {
            if (at >= size) {
                throw new EOFException();
            }
            return data[at] & 0xff;
        }

        private int u16(int at) throws EOFException {
            return u8(at) << 8 | u8(at + 1);
        }
    }
}
