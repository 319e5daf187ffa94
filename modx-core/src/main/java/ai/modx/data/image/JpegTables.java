package ai.modx.data.image;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * The tables of the JPEG file that is being read. Huffman tables of the file before are used again if they are the same, which
 * they mostly are.
 */
final class JpegTables {

    /** Zigzag order: where in a row-major block each coefficient stands. */
    private static final byte[] ORDER = order();

    /**
     * The tables of ITU-T T.81, K.3.3, by class and number, for files that bring none, such as frames of Motion JPEG: the number
     * of codes of each length, and the symbols in the order of their codes.
     */
    private static final byte[][] STANDARD = {
        HexFormat.of().parseHex("00010501010101010100000000000000000102030405060708090a0b"),
        HexFormat.of().parseHex("00030101010101010101010000000000000102030405060708090a0b"),
        HexFormat.of().parseHex("0002010303020403050504040000017d01020300041105122131410613516107227114328191a1082342b1c11552d1f0"
                + "2433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a636465666768696a73747576777879"
                + "7a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2"
                + "e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa"),
        HexFormat.of().parseHex("00020102040403040705040400010277000102031104052131061241510761711322328108144291a1b1c109233352f0"
                + "156272d10a162434e125f11718191a262728292a35363738393a434445464748494a535455565758595a636465666768696a737475767778"
                + "797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9da"
                + "e2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa")};

    private final int[][] quantizers = new int[4][]; // by number; [64], in zigzag order
    private final byte[][] specifications = new byte[8][]; // class * 4 + number
    private final HuffmanTable[] codes = new HuffmanTable[8]; // those that were used last, perhaps by a file before

    /** Forgets the tables of the file before. */
    void reset() {
        Arrays.fill(quantizers, null);
        Arrays.fill(specifications, null);
    }

    /** Gives the standard's codes to a sequential file that has brought none. */
    void completeCodes() {
        for (int i = 0; i < STANDARD.length; i++) {
            int slot = i / 2 * 4 + i % 2;
            if (specifications[slot] == null) {
                specifications[slot] = STANDARD[i];
            }
        }
    }

    /** Reads the quantization tables of one DQT segment. */
    void readQuantizers(byte[] data, int from, int to) throws JpegException {
        for (int at = from; at < to; ) {
            int kind = data[at++] & 0xff;
            int bytes = kind >> 4 == 0 ? 1 : 2;
            JpegException.unless((kind & 15) < 4 && at + 64 * bytes <= to, "its quantization tables are broken");
            int[] table = new int[64];
            for (int k = 0; k < 64; k++, at += bytes) {
                table[k] = bytes == 1 ? data[at] & 0xff : (data[at] & 0xff) << 8 | data[at + 1] & 0xff;
            }
            quantizers[kind & 15] = table;
        }
    }

    /** Reads the codes of one DHT segment. Whether they are any shows when they are used: libjpeg minds no others. */
    void readCodes(byte[] data, int from, int to) throws JpegException {
        for (int at = from; at < to; ) {
            int kind = data[at++] & 0xff;
            int length = at + 16 <= to ? 16 : 0;
            for (int i = 0; i < length && i < 16; i++) {
                length += data[at + i] & 0xff;
            }
            JpegException.unless((kind & ~0x13) == 0 && length >= 16 && length <= 16 + 256 && at + length <= to,
                    "its Huffman tables are broken");
            specifications[(kind >> 4) * 4 + (kind & 3)] = Arrays.copyOfRange(data, at, at + length);
            at += length;
        }
    }

    /** Factors in zigzag order. */
    int[] quantizer(int number) throws JpegException {
        JpegException.unless(number < 4 && quantizers[number] != null, "it has no quantization table " + number);
        return quantizers[number];
    }

    HuffmanTable dc(int number) throws JpegException {
        HuffmanTable codes = code(0, number, 15);
        JpegException.unless(codes.isWithoutRuns(), "its Huffman table " + number + " for DC is broken");
        return codes;
    }

    /** @param largestSize of numbers */
    HuffmanTable ac(int number, int largestSize) throws JpegException {
        return code(4, number, largestSize);
    }

    private HuffmanTable code(int first, int number, int largestSize) throws JpegException {
        JpegException.unless(number < 4 && specifications[first + number] != null, "it has no Huffman table " + number);
        int slot = first + number;
        if (codes[slot] == null || !codes[slot].is(specifications[slot], largestSize)) {
            codes[slot] = new HuffmanTable(specifications[slot], largestSize);
        }
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
