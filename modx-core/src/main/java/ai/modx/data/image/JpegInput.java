package ai.modx.data.image;

import java.io.EOFException;

/**
 * The bytes of a JPEG file as libjpeg reads them, whatever has happened to them: markers, and the bits between two of them, after
 * which there are zeros for those that lack some.
 */
final class JpegInput {

    /** Bits that are read where no code fits. */
    private static final int NO_CODE = 17;
    private static final int FIRST_RESTART = 0xd0;
    private static final int LAST_RESTART = 0xd7;
    private static final int FIRST_VALID = 0xc0;

    private final byte[] data;
    private final int size;
    private int position;
    private int marker; // that was read and not yet asked for; 0 if none
    private long bits; // the upper `count` bits are the next ones, the others 0
    private int count;
    private int invented; // bits behind the last real one, all 0
    private boolean exhausted;
    private int restart;

    JpegInput(byte[] data, int size, int position) {
        this.data = data;
        this.size = size;
        this.position = position;
    }

    /** Goes on behind the next marker and returns its second byte; what lies before it is skipped. */
    int nextMarker() throws EOFException {
        int found = marker;
        for (marker = 0; found == 0; ) {
            while (u8() != 0xff) {
                // not a marker
            }
            do {
                found = u8();
            } while (found == 0xff);
        }
        return found;
    }

    /** The next byte of a segment. */
    int u8() throws EOFException {
        if (position >= size) {
            throw new EOFException();
        }
        return data[position++] & 0xff;
    }

    int u16() throws EOFException {
        return u8() << 8 | u8();
    }

    /** Reads the length of a segment, goes behind it and returns where that is. */
    int skipSegment() throws EOFException {
        int length = u16();
        position += Math.max(0, length - 2);
        if (position > size) {
            throw new EOFException();
        }
        return position;
    }

    int position() {
        return position;
    }

    /** Begins with the bits of a scan. */
    void startBits() {
        bits = 0;
        count = 0;
        invented = 0;
        exhausted = false;
        restart = 0;
    }

    /** Whether more bits were asked for than there are before the next marker. */
    boolean exhausted() {
        return exhausted;
    }

    /** The next symbol and its number, to be taken apart by {@link HuffmanTable}; 0 if no code fits. */
    int next(HuffmanTable table) {
        fill();
        int found = table.find(bits);
        take(found == 0 ? NO_CODE : HuffmanTable.length(found));
        return found;
    }

    /** The next symbol and the sign of its number, whose other bits are not read. */
    int nextSigned(HuffmanTable table) {
        fill();
        int found = table.find(bits);
        int unread = Math.max(0, Integer.SIZE - Integer.numberOfLeadingZeros(Math.abs(HuffmanTable.number(found))) - 1);
        take(found == 0 ? NO_CODE : HuffmanTable.length(found) - unread);
        return found;
    }

    /** @param number of bits, 0 to 16 */
    int bits(int number) {
        fill();
        int value = (int) (bits >>> 1 >>> (63 - number));
        take(number);
        return value;
    }

    private void take(int number) {
        bits <<= number;
        count -= number;
        exhausted |= count < invented;
    }

    private void fill() {
        while (count <= Long.SIZE - Byte.SIZE) {
            bits |= (long) nextByte() << (Long.SIZE - Byte.SIZE - count);
            count += Byte.SIZE;
        }
    }

    private int nextByte() {
        if (marker == 0 && position < size) {
            int value = data[position++] & 0xff;
            if (value != 0xff) {
                return value;
            }
            while (position < size && data[position] == (byte) 0xff) {
                position++; // more of them fill up
            }
            if (position < size) {
                marker = data[position++] & 0xff;
                if (marker == 0) {
                    return 0xff; // a 0 behind it says that it is no marker
                }
            }
        }
        invented = Math.min(count, invented) + Byte.SIZE;
        return 0;
    }

    /**
     * Goes behind the next restart marker. Where another marker stands, libjpeg's rules decide whether some data or the marker
     * are too many: bits may be missing until the next restart.
     */
    void restart() throws EOFException {
        bits = 0;
        count = 0;
        invented = 0;
        int expected = restart;
        restart = restart + 1 & 7;
        for (int found = nextMarker(); ; found = nextMarker()) {
            int ahead = found - FIRST_RESTART - expected & 7;
            boolean isRestart = found >= FIRST_RESTART && found <= LAST_RESTART;
            if (isRestart ? ahead == 1 || ahead == 2 : found >= FIRST_VALID) {
                marker = found; // bits are missing up to there
                return;
            }
            if (isRestart && ahead < 6) {
                exhausted = false; // the right one, or one that is too far away to be behind
                return;
            }
        }
    }
}
