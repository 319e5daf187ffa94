package ai.modx.data.image;

import java.util.Arrays;

/**
 * One Huffman code of a JPEG file, together with the numbers that follow its symbols: a symbol is a run of zeros (4 bits) and a
 * size (4 bits), behind which stand the {@code size} bits of a number. Most pairs are found with one look into a table.
 */
final class HuffmanTable {

    /** Codes and numbers of up to so many bits in all are found at once. */
    private static final int FAST_BITS = 11;
    private static final int LONGEST = 16;

    private final byte[] specification;
    private final int largestSize;
    private final int[] end = new int[LONGEST + 1]; // by length: one behind its last code, at the upper end of 16 bits
    private final int[] shift = new int[LONGEST + 1]; // by length: from code to position among the symbols
    private final int[] fast = new int[1 << FAST_BITS];

    /**
     * @param specification the number of codes of each length 1..16, then the symbols in the order of their codes
     * @param largestSize   of numbers; symbols with larger ones count as none
     * @throws JpegException if these are no codes
     */
    HuffmanTable(byte[] specification, int largestSize) throws JpegException {
        this.specification = specification;
        this.largestSize = largestSize;
        int code = 0;
        int symbols = 0;
        for (int length = 1; length <= LONGEST; length++) {
            int count = specification[length - 1] & 0xff;
            shift[length] = LONGEST + symbols - code;
            code += count;
            symbols += count;
            // No code consists of ones alone.
            JpegException.unless(code < 1 << length && LONGEST + symbols <= specification.length, "its Huffman tables are broken");
            end[length] = code << (LONGEST - length);
            code <<= 1;
        }
        for (int i = 0; i < fast.length; i++) {
            int found = search(i << (32 - FAST_BITS));
            fast[i] = length(found) <= FAST_BITS ? found : 0;
        }
    }

    /** Whether it is the table of this specification. */
    boolean is(byte[] other, int otherSize) {
        return largestSize == otherSize && Arrays.equals(specification, other);
    }

    /** Whether all symbols are sizes alone, as those of DC differences. */
    boolean isWithoutRuns() {
        for (int i = LONGEST; i < specification.length; i++) {
            if ((specification[i] & 0xf0) != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * The next symbol and its number.
     *
     * @param bits the next 32 bits or more, the first one highest
     * @return to be taken apart by {@link #length}, {@link #run} and {@link #number}; 0 if no code fits
     */
    int find(long bits) {
        int found = fast[(int) (bits >>> (64 - FAST_BITS))];
        return found != 0 ? found : search((int) (bits >>> 32));
    }

    private int search(int bits) {
        int upper = bits >>> (32 - LONGEST);
        int length = 1;
        while (upper >= end[length]) {
            if (length++ == LONGEST) {
                return 0;
            }
        }
        int symbol = specification[shift[length] + (upper >>> (LONGEST - length))];
        int size = symbol & 15;
        if (size > largestSize) {
            return 0;
        }
        int number = size == 0 ? 0 : bits << length >>> (32 - size);
        if (size > 0 && number < 1 << (size - 1)) {
            number -= (1 << size) - 1; // a number that starts with a 0 is negative
        }
        return number << 16 | (symbol & 0xf0) << 4 | length + size;
    }

    /** Bits of code and number. */
    static int length(int found) {
        return found & 63;
    }

    /** Zeros before the number, 0..15. */
    static int run(int found) {
        return found >> 8 & 0xff;
    }

    static int number(int found) {
        return found >> 16;
    }
}
