package ai.modx.data.image;

import java.util.Arrays;
import java.util.Optional;

/**
 * Decodes a part of a JPEG file of the usual kind: sequential, Huffman codes, 8 bits, gray or three components in one scan, with
 * colour differences of full or half resolution. Its samples equal libjpeg's. Whatever is not as it should be it leaves to
 * {@link JpegDecoder}. Keeps its memory, and so belongs to one thread.
 */
final class UsualJpegDecoder {

    private static final int SIDE = 8;
    /** Samples are ints here, and bytes in {@link JpegDecoder}, which therefore does the very large pictures. */
    private static final long MOST_PIXELS = 1 << 25;
    /** Coefficients of real samples are no larger than 1024, and what rounding adds; larger ones are {@link JpegDecoder}'s. */
    private static final int LARGEST = 1100;

    /** One colour component of the file. */
    private static final class Component {
        int name;
        int across; // blocks of a unit
        int down;
        int quantizerNumber;
        int[] quantizer;
        HuffmanTable dc;
        HuffmanTable ac;
        int predicted;
        int firstBlock; // of those of a row of units
    }

    private final JpegTables tables = new JpegTables();
    private final InverseDct transform = new InverseDct();
    private final Component[] all = {new Component(), new Component(), new Component()};
    private int means; // of a row of units: no smaller than any first coefficient or its negative
    private final JpegPlane[] planes = {new JpegPlane(), new JpegPlane(), new JpegPlane()};

    /**
     * Decodes what is needed of the part.
     *
     * @param header of the same data
     * @return the part's columns, until the next call; nothing if this is for {@link JpegDecoder}
     */
    Optional<PixelColumns> decode(JpegHeader header, byte[] data, int size, CropBox part) {
        try {
            return Optional.of(decodeUsual(header, data, size, part));
        } catch (JpegException e) {
            return Optional.empty();
        }
    }

    private PixelColumns decodeUsual(JpegHeader header, byte[] data, int size, CropBox part) throws JpegException {
        JpegException.unless(header.components() <= 3 && (long) part.width() * part.height() <= MOST_PIXELS);
        Component[] components = Arrays.copyOf(all, header.components());
        tables.reset();
        int interval = 0;
        boolean framed = false;
        int at = 2;
        while (true) {
            JpegException.unless(at + 4 <= size && data[at] == (byte) 0xff);
            int marker = data[at + 1] & 0xff;
            int from = at + 4;
            at += 2 + u16(data, at + 2);
            JpegException.unless(at >= from && at <= size);
            switch (marker) {
                case 0xc0, 0xc1 -> {
                    JpegException.unless(!framed);
                    readFrame(data, from, components);
                    framed = true;
                }
                case 0xc4 -> tables.readCodes(data, from, at);
                case 0xdb -> tables.readQuantizers(data, from, at);
                case 0xdd -> interval = u16(data, from);
                case 0xda -> {
                    JpegException.unless(framed);
                    readScanHeader(data, from, at, components);
                    return decode(header, components, new JpegBits(data, size, at), interval, part);
                }
                default -> JpegException.unless(marker >= 0xe0 && marker <= 0xef || marker == 0xfe);
            }
        }
    }

    /** Its lengths and size were checked for the header. */
    private static void readFrame(byte[] data, int from, Component[] components) throws JpegException {
        int at = from + 6;
        for (Component component : components) {
            component.name = data[at];
            component.across = data[at + 1] >> 4;
            component.down = data[at + 1] & 15;
            component.quantizerNumber = data[at + 2] & 0xff;
            at += 3;
        }
        if (components.length == 1) {
            components[0].across = 1; // the only component of a scan is not cut into units
            components[0].down = 1;
            return;
        }
        Component first = components[0];
        JpegException.unless(first.across == 1 && first.down == 1 || first.across == 2 && (first.down == 1 || first.down == 2));
        JpegException.unless(components[1].across == 1 && components[1].down == 1 && components[2].across == 1 && components[2].down == 1);
    }

    private void readScanHeader(byte[] data, int from, int to, Component[] components) throws JpegException {
        JpegException.unless(to - from == 4 + 2 * components.length && data[from] == components.length);
        tables.completeCodes();
        int at = from + 1;
        for (Component component : components) {
            JpegException.unless(data[at] == component.name && (data[at + 1] & ~0x33) == 0);
            component.dc = tables.dc(data[at + 1] >> 4);
            component.quantizer = tables.quantizer(component.quantizerNumber);
            component.ac = tables.ac(data[at + 1] & 3, largestSize(component.quantizer));
            component.predicted = 0;
            at += 2;
        }
        JpegException.unless(data[at] == 0 && data[at + 1] == 63 && data[at + 2] == 0); // all of each block
    }

    /** Binary digits of the largest number that a real picture can have somewhere; what is larger is damage. */
    private static int largestSize(int[] quantizer) throws JpegException {
        int least = Arrays.stream(quantizer).skip(1).min().orElseThrow();
        JpegException.unless(least > 0);
        return Integer.SIZE - Integer.numberOfLeadingZeros(LARGEST / least);
    }

    private PixelColumns decode(JpegHeader header, Component[] components, JpegBits bits, int interval, CropBox part) throws JpegException {
        int across = components[0].across;
        int down = components[0].down;
        JpegException.unless(across == 1 || header.luma() && header.width() > 4);
        int unitColumns = ceil(header.width(), SIDE * across);
        int unitRows = ceil(header.height(), SIDE * down);
        // Two pixels around the part are one colour difference, the neighbour that is mixed in.
        int left = Math.max(0, part.left() - 2) / (SIDE * across);
        int top = Math.max(0, part.top() - 2) / (SIDE * down);
        int right = Math.min(unitColumns, ceil(part.left() + part.width() + 2, SIDE * across));
        int bottom = Math.min(unitRows, ceil(part.top() + part.height() + 2, SIDE * down));
        for (int i = 0; i < components.length; i++) {
            Component component = components[i];
            planes[i].reset(ceil(header.width() * component.across, across), ceil(header.height() * component.down, down),
                    new CropBox(left * component.across, top * component.down, (right - left) * component.across,
                            (bottom - top) * component.down, false), component.down == 2);
        }
        int wanted = right - left;
        int count = 0;
        for (Component component : components) {
            component.firstBlock = count;
            count += wanted * component.across * component.down;
        }
        transform.reset(count + 1); // the last one takes what is not wanted
        means = 0;
        int untilRestart = interval;
        int restarts = 0;
        for (int row = 0; row < bottom; row++) {
            for (int column = 0; column < unitColumns; column++) {
                if (interval > 0 && untilRestart-- == 0) {
                    bits.restart(restarts++ & 7);
                    untilRestart = interval - 1;
                    for (Component component : components) {
                        component.predicted = 0;
                    }
                }
                if (row >= top && column >= left && column < right) {
                    readUnit(components, bits, column - left, wanted);
                } else {
                    skipUnit(components, bits, count);
                }
            }
            bits.requireReal();
            if (row >= top) {
                JpegException.unless(means <= LARGEST || transform.fits(count));
                means = 0;
                transform.transform(count);
                for (int i = 0; i < components.length; i++) {
                    for (int y = 0; y < components[i].down; y++) {
                        planes[i].put(transform.blocks(), components[i].firstBlock + y * wanted * components[i].across, row * components[i].down + y);
                    }
                }
                transform.reset(count + 1);
            }
        }
        bits.requireEnd();
        return new JpegColumns(components.length == 1 ? new JpegPlane[] {planes[0]} : planes, part, header.luma(), across, down);
    }

    /** @param columns units in a row that are wanted */
    private void readUnit(Component[] components, JpegBits bits, int column, int columns) throws JpegException {
        for (Component component : components) {
            for (int y = 0; y < component.down; y++) {
                int block = component.firstBlock + (y * columns + column) * component.across;
                for (int x = 0; x < component.across; x++, block++) {
                    component.predicted += bits.read(component.dc, component.ac, component.quantizer, transform.blocks(), block);
                    int mean = component.predicted * component.quantizer[0];
                    means |= mean ^ mean >> 31;
                    transform.blocks()[0][block] = mean;
                }
            }
        }
    }

    private void skipUnit(Component[] components, JpegBits bits, int block) throws JpegException {
        for (Component component : components) {
            for (int i = 0; i < component.across * component.down; i++) {
                component.predicted += bits.read(component.dc, component.ac, component.quantizer, transform.blocks(), block);
            }
        }
    }

    private static int ceil(int value, int divisor) {
        return (value + divisor - 1) / divisor;
    }

    private static int u16(byte[] data, int at) {
        return (data[at] & 0xff) << 8 | data[at + 1] & 0xff;
    }
}
