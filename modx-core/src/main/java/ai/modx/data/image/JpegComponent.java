package ai.modx.data.image;

import java.util.Arrays;

/** One colour component of a JPEG file: where its blocks are, their coefficients, and the samples that become of them. */
final class JpegComponent {

    static final int SIDE = 8;
    private static final int BLOCK = SIDE * SIDE;
    private static final int[] COMPLETE = new int[BLOCK];

    private final int name;
    private final int across;
    private final int down;
    private final int quantizerNumber;
    private JpegSamples samples;
    private int blocksAcross;
    private int blocksDown;
    private int stride; // blocks from a row to the next
    private int rows; // block rows whose coefficients are kept
    private short[] coefficients;
    private short[] quantizer = {}; // [64] row-major; empty before the component's first scan
    private final int[] bits = new int[BLOCK]; // how many of each coefficient no scan has brought, in zigzag order; -1: all
    private final int[] bitsBefore = new int[BLOCK]; // the same before the last scan
    private boolean opened; // whether the last scan is the file's first one

    /**
     * @param name            by which scans call it
     * @param across          samples in a row, in relation to the other components: 1 to 4
     * @param down            samples in a column, likewise
     * @param quantizerNumber of its table
     */
    JpegComponent(int name, int across, int down, int quantizerNumber) {
        this.name = name;
        this.across = across;
        this.down = down;
        this.quantizerNumber = quantizerNumber;
        Arrays.fill(bits, -1);
        Arrays.fill(bitsBefore, -1);
    }

    /**
     * Makes room.
     *
     * @param samples     receives them
     * @param unitColumns units of the picture's rows, each of which holds {@code across * down} blocks of this component
     * @param rows        block rows that are kept
     */
    void prepare(JpegSamples samples, int unitColumns, int rows) {
        this.samples = samples;
        this.blocksAcross = (samples.width() + SIDE - 1) / SIDE;
        this.blocksDown = (samples.height() + SIDE - 1) / SIDE;
        this.stride = unitColumns * across;
        this.rows = rows;
        this.coefficients = new short[BLOCK * stride * rows];
    }

    int name() {
        return name;
    }

    int across() {
        return across;
    }

    int down() {
        return down;
    }

    int blocksAcross() {
        return blocksAcross;
    }

    int blocksDown() {
        return blocksDown;
    }

    JpegSamples samples() {
        return samples;
    }

    short[] coefficients() {
        return coefficients;
    }

    /** Where the coefficients of a block begin. */
    int block(int row, int column) {
        return BLOCK * (row % rows * stride + column);
    }

    /** Factors, [64] row-major; none before the component's first scan. */
    short[] quantizer() {
        return quantizer;
    }

    /** Whether the first factors of the zigzag order are there, and none is 0. */
    boolean hasFactors(int count) {
        for (int k = 0; k < count; k++) {
            if (quantizer.length == 0 || quantizer[JpegTables.place(k)] == 0) {
                return false;
            }
        }
        return true;
    }

    /** How many bits of each coefficient, in zigzag order, no scan of a progressive file has brought; -1 if none has brought any. */
    int[] bits() {
        return bits;
    }

    /** The same before the component's last scan. */
    int[] bitsBefore(int scans) {
        return opened && scans > 1 ? COMPLETE : bitsBefore; // libjpeg-turbo takes the first of several scans for sufficient
    }

    /** Takes note of a progressive scan. */
    void noteScan(JpegScanHeader scan) {
        System.arraycopy(bits, 0, bitsBefore, 0, BLOCK);
        opened = scan.first();
        Arrays.fill(bits, scan.from(), scan.to() + 1, scan.low());
    }

    /** Takes the table as it is at the component's first scan. */
    void keepQuantizer(JpegTables tables) throws JpegException {
        if (quantizer.length == 0) {
            int[] zigzag = tables.quantizer(quantizerNumber);
            quantizer = new short[BLOCK];
            for (int k = 0; k < BLOCK; k++) {
                quantizer[JpegTables.place(k)] = (short) zigzag[k];
            }
        }
    }

    /** Makes samples of all rows of blocks that are kept, of which {@code first} is the first one. */
    void transform(BlockTransform transform, int first) {
        short[] factors = quantizer.length == 0 ? new short[BLOCK] : quantizer; // a component that no scan brings is gray
        for (int row = first; row < Math.min(first + rows, blocksDown); row++) {
            for (int column = 0; column < blocksAcross; column++) {
                transform.transform(coefficients, block(row, column), factors, samples, SIDE * column, SIDE * row);
            }
        }
    }

    void clear() {
        Arrays.fill(coefficients, (short) 0);
    }
}
