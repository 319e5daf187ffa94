package ai.modx.data.image;

import java.io.EOFException;
import java.util.List;
import java.util.function.IntConsumer;

/** Reads the coefficients of one scan of a JPEG file; damaged data as libjpeg-turbo does. */
final class JpegScan {

    private static final int LAST = 63;
    private static final int LONGEST_RUN = 15;

    /** Reads one block. */
    private interface BlockReader {
        void read(Part part, short[] coefficients, int block);
    }

    /** A component with what the scan says of it. */
    private static final class Part {
        private final JpegComponent component;
        private HuffmanTable dc;
        private HuffmanTable ac;
        private int predicted;

        Part(JpegComponent component) {
            this.component = component;
        }
    }

    private final JpegInput input;
    private final List<Part> parts;
    private final int from;
    private final int to;
    private final int low;
    private final int interval;
    private final boolean refinesDc;
    private final BlockReader reader;
    private int blocksWithoutMore; // that end with the present one

    /**
     * @param input      behind the scan's header
     * @param parameters of this scan
     * @param tables     as they are now
     * @param interval   units between restarts; 0 for none
     */
    JpegScan(JpegInput input, JpegScanHeader parameters, JpegTables tables, int interval) throws JpegException {
        this.input = input;
        this.interval = interval;
        this.from = parameters.from();
        this.to = parameters.to();
        this.low = parameters.low();
        this.parts = parameters.parts().stream().map(part -> new Part(part.component())).toList();
        boolean progressive = parameters.progressive();
        if (progressive) {
            parameters.parts().forEach(part -> part.component().noteScan(parameters));
        }
        boolean refines = progressive && parameters.high() > 0;
        this.refinesDc = refines && from == 0;
        for (int i = 0; i < parts.size(); i++) {
            JpegScanHeader.Part named = parameters.parts().get(i);
            named.component().keepQuantizer(tables);
            if (!progressive || from == 0 && !refines) {
                parts.get(i).dc = tables.dc(named.dc());
            }
            if (!progressive || from > 0) {
                parts.get(i).ac = tables.ac(named.ac(), 15);
            }
        }
        if (!progressive) {
            reader = this::readAll;
        } else if (from == 0) {
            reader = refines ? this::refineFirst : this::readFirst;
        } else {
            reader = refines ? this::refineOthers : this::readOthers;
        }
    }

    /**
     * Reads all blocks of the scan.
     *
     * @param unitColumns units of a row, if there are several components
     * @param unitRows    rows of units, likewise
     * @param done        is told of every row of units
     * @return rows of the picture's units, up to the last one for which there were data
     */
    int read(int unitColumns, int unitRows, IntConsumer done) throws EOFException {
        boolean alone = parts.size() == 1;
        int columns = alone ? parts.get(0).component.blocksAcross() : unitColumns;
        int rows = alone ? parts.get(0).component.blocksDown() : unitRows;
        input.startBits();
        int untilRestart = interval;
        int complete = 0;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                if (!input.exhausted()) {
                    complete = 1 + (alone ? row / parts.get(0).component.down() : row);
                }
                if (interval > 0 && untilRestart-- == 0) {
                    restart();
                    untilRestart = interval - 1;
                }
                if (!input.exhausted() || refinesDc) {
                    readUnit(row, column, alone);
                }
            }
            done.accept(row);
        }
        return complete;
    }

    private void restart() throws EOFException {
        input.restart();
        parts.forEach(part -> part.predicted = 0);
        blocksWithoutMore = 0;
    }

    private void readUnit(int row, int column, boolean alone) {
        for (Part part : parts) {
            JpegComponent component = part.component;
            int across = alone ? 1 : component.across();
            int down = alone ? 1 : component.down();
            for (int y = 0; y < down; y++) {
                int block = component.block(row * down + y, column * across);
                for (int x = 0; x < across; x++, block += LAST + 1) {
                    reader.read(part, component.coefficients(), block);
                }
            }
        }
    }

    private void readAll(Part part, short[] coefficients, int block) {
        part.predicted += HuffmanTable.number(input.next(part.dc));
        coefficients[block] = (short) part.predicted;
        for (int k = 1; k <= LAST; k++) {
            int found = input.next(part.ac);
            int number = HuffmanTable.number(found);
            int run = HuffmanTable.run(found);
            if (number == 0 && run != LONGEST_RUN) {
                return;
            }
            k += run;
            if (number != 0) {
                coefficients[block + place(k)] = (short) number;
            }
        }
    }

    private void readFirst(Part part, short[] coefficients, int block) {
        part.predicted += HuffmanTable.number(input.next(part.dc));
        coefficients[block] = (short) (part.predicted << low);
    }

    private void refineFirst(Part part, short[] coefficients, int block) {
        coefficients[block] |= (short) (input.bits(1) << low);
    }

    private void readOthers(Part part, short[] coefficients, int block) {
        if (blocksWithoutMore > 0) {
            blocksWithoutMore--;
            return;
        }
        for (int k = from; k <= to; k++) {
            int found = input.next(part.ac);
            int number = HuffmanTable.number(found);
            int run = HuffmanTable.run(found);
            if (number == 0 && run != LONGEST_RUN) {
                blocksWithoutMore = (1 << run) + input.bits(run) - 1;
                return;
            }
            k += run;
            if (number != 0) {
                coefficients[block + place(k)] = (short) (number << low);
            }
        }
    }

    private void refineOthers(Part part, short[] coefficients, int block) {
        int k = from;
        while (blocksWithoutMore == 0 && k <= to) {
            int found = input.nextSigned(part.ac); // the size of a new coefficient is always 1, whatever a damaged file says
            int number = HuffmanTable.number(found);
            int run = HuffmanTable.run(found);
            if (number == 0 && run != LONGEST_RUN) {
                blocksWithoutMore = (1 << run) + input.bits(run);
                break;
            }
            k = refine(coefficients, block, k, run);
            if (number != 0) {
                coefficients[block + place(k)] = (short) (number > 0 ? 1 << low : -1 << low);
            }
            k++;
        }
        if (blocksWithoutMore > 0) {
            refine(coefficients, block, k, Integer.MAX_VALUE);
            blocksWithoutMore--;
        }
    }

    /** Reads a bit for every coefficient from k on that is not 0 and returns the place of the 0 behind {@code zeros} others. */
    private int refine(short[] coefficients, int block, int k, int zeros) {
        for (int left = zeros; k <= to; k++) {
            int at = block + place(k);
            int value = coefficients[at];
            if (value == 0) {
                if (left-- == 0) {
                    break;
                }
            } else if (input.bits(1) == 1 && (value & 1 << low) == 0) {
                coefficients[at] += (short) (value > 0 ? 1 << low : -1 << low);
            }
        }
        return k;
    }

    /** Where coefficient k stands; those that damaged data put behind the last one share its place. */
    private static int place(int k) {
        return JpegTables.place(Math.min(k, LAST));
    }
}
