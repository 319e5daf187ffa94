package ai.modx.data.image;

import java.util.Arrays;

/**
 * The tables of the JPEG file that is being read. Huffman tables of the file before are used again if they are the same, which
 * they mostly are.
 */
final class JpegTables {

    /** Zigzag order: where in a row-major block each coefficient stands. */
    private static final byte[] ORDER = order();

    private final int[][] quantizers = new int[4][]; // by number; [64], in zigzag order
    private final HuffmanTable[] codes = new HuffmanTable[8]; // class * 4 + number
    private final boolean[] defined = new boolean[8];

    /** Forgets the tables of the file before. */
    void reset() {
        Arrays.fill(quantizers, null);
        Arrays.fill(defined, false);
    }

    /** Reads the quantization tables of one DQT segment. */
    void readQuantizers(byte[] data, int from, int to) throws UnusualJpegException {
        for (int at = from; at < to; ) {
            int kind = data[at++] & 0xff;
            UnusualJpegException.unless(kind < 4 && at + 64 <= to); // of 8 bits
            int[] table = new int[64];
            for (int k = 0; k < 64; k++) {
                table[k] = data[at++] & 0xff;
            }
            quantizers[kind] = table;
        }
    }

    /** Reads the codes of one DHT segment. */
    void readCodes(byte[] data, int from, int to) throws UnusualJpegException {
        for (int at = from; at < to; ) {
            int kind = data[at++] & 0xff;
            UnusualJpegException.unless((kind & ~0x13) == 0 && at + 16 <= to);
            int length = 16;
            for (int i = 0; i < 16; i++) {
                length += data[at + i] & 0xff;
            }
            UnusualJpegException.unless(at + length <= to);
            int slot = (kind >> 4) * 4 + (kind & 3);
            if (codes[slot] == null || !codes[slot].is(data, at, at + length)) {
                codes[slot] = new HuffmanTable(Arrays.copyOfRange(data, at, at + length));
            }
            defined[slot] = true;
            at += length;
        }
    }

    int[] quantizer(int number) throws UnusualJpegException {
        UnusualJpegException.unless(number < 4 && quantizers[number] != null);
        return quantizers[number];
    }

    HuffmanTable dc(int number) throws UnusualJpegException {
        return code(number);
    }

    HuffmanTable ac(int number) throws UnusualJpegException {
        return code(4 + number);
    }

    private HuffmanTable code(int slot) throws UnusualJpegException {
        UnusualJpegException.unless(defined[slot]);
        return codes[slot];
    }

    /** Where in a row-major block coefficient k of the zigzag order stands. */
    static int place(int k) {
        return ORDER[k];
    }

    private static byte[] order() {
        byte[] order = new byte[64];
        int k = 0;
        for (int diagonal = 0; diagonal < 15; diagonal++) {
            for (int i = Math.max(0, diagonal - 7); i <= Math.min(7, diagonal); i++) {
                int row = diagonal % 2 == 0 ? diagonal - i : i; // even diagonals go up
                order[k++] = (byte) (8 * row + diagonal - row);
            }
        }
        return order;
    }
}
