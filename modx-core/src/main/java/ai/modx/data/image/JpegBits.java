package ai.modx.data.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The bits between two markers of a JPEG file, decoded to blocks of coefficients. */
final class JpegBits {

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final byte[] ORDER = new byte[64];

    static {
        for (int k = 0; k < 64; k++) {
            ORDER[k] = (byte) JpegTables.place(k);
        }
    }

    private final byte[] data;
    private final int size;
    private int position;
    private long bits; // the upper `count` bits are the next ones, the others 0
    private int count;
    private int invented; // bits behind the last real one, all 0

    JpegBits(byte[] data, int size, int position) {
        this.data = data;
        this.size = size;
        this.position = position;
    }

    /**
     * Reads the coefficients of one block.
     *
     * @param quantizer [64] in zigzag order
     * @param blocks    [64, blocks], row-major; receives the coefficients that are not 0, except the first
     * @param block     which block
     * @return the first coefficient's difference to the one before, not yet multiplied
     */
    int read(HuffmanTable dc, HuffmanTable ac, int[] quantizer, int[][] blocks, int block) throws JpegException {
        long bits = this.bits;
        int count = this.count;
        if (count < 32) {
            bits |= next() << (32 - count);
            count += 32;
        }
        int found = dc.find(bits);
        JpegException.unless(found != 0 && HuffmanTable.run(found) == 0);
        bits <<= HuffmanTable.length(found);
        count -= HuffmanTable.length(found);
        int first = HuffmanTable.number(found);
        for (int k = 1; k < 64; k++) {
            if (count < 32) {
                bits |= next() << (32 - count);
                count += 32;
            }
            found = ac.find(bits);
            bits <<= HuffmanTable.length(found);
            count -= HuffmanTable.length(found);
            k += HuffmanTable.run(found);
            int number = HuffmanTable.number(found);
            if (number != 0) {
                JpegException.unless(k < 64);
                blocks[ORDER[k]][block] = number * quantizer[k];
            } else if (HuffmanTable.run(found) != 15) {
                JpegException.unless(found != 0);
                break; // end of block
            }
        }
        this.bits = bits;
        this.count = count;
        return first;
    }

    /** The next 32 bits; zeros from the next marker on. */
    private long next() {
        if (position + 4 <= size) {
            int word = (int) INTS.get(data, position);
            if ((word & ~word - 0x01010101 & 0x80808080) == 0) { // no byte is 0xff
                position += 4;
                return word & 0xffffffffL;
            }
        }
        return nextBytes();
    }

    private long nextBytes() {
        long word = 0;
        for (int i = 0; i < 4; i++) {
            int value = 0;
            if (position < size && data[position] != (byte) 0xff) {
                value = data[position++] & 0xff;
            } else if (position + 1 < size && data[position + 1] == 0) {
                value = 0xff; // a 0 behind it says that it is no marker
                position += 2;
            } else {
                invented += 8;
            }
            word = word << 8 | value;
        }
        return word;
    }

    /** Fails if more bits were asked for than there are. */
    void requireReal() throws JpegException {
        JpegException.unless(count >= invented);
    }

    /** Goes on behind the restart marker of the given number, which must be the next thing. */
    void restart(int number) throws JpegException {
        requireReal();
        JpegException.unless(count - invented < 8 && position + 1 < size && data[position] == (byte) 0xff
                && data[position + 1] == (byte) (0xd0 + number));
        position += 2;
        bits = 0;
        count = 0;
        invented = 0;
    }

    /** Fails unless the picture's end comes before anything else but data and restarts. */
    void requireEnd() throws JpegException {
        while (position + 1 < size) {
            int marker = data[position + 1] & 0xff;
            if (data[position] == (byte) 0xff && marker != 0 && marker != 0xff && (marker < 0xd0 || marker > 0xd7)) {
                JpegException.unless(marker == 0xd9);
                return;
            }
            position++;
        }
        JpegException.unless(false);
    }
}
