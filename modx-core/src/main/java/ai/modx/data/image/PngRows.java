package ai.modx.data.image;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The rows of a PNG file: inflated, and freed from the filters by which they were told from their neighbours. */
final class PngRows {

    private final PngHeader header;
    private final Inflater inflater;
    private final byte[] data;
    private final int size;
    private int chunk; // where the next chunk begins
    private byte[] row; // the filter's number and the row
    private byte[] above;
    private int length;

    /** @param inflater is used from its start */
    PngRows(PngHeader header, Inflater inflater, byte[] data, int size) {
        this.header = header;
        this.inflater = inflater;
        this.data = data;
        this.size = size;
        this.chunk = header.firstData();
        this.row = new byte[1 + header.rowBytes(header.width())];
        this.above = new byte[row.length];
        inflater.reset();
    }

    /** Begins with rows of another length, below nothing. */
    void start(int columns) {
        length = header.rowBytes(columns);
        Arrays.fill(row, (byte) 0);
    }

    /**
     * The next row, from 1 on, until the one after it is asked for.
     *
     * @throws EOFException if the data end before it
     */
    byte[] next() throws IOException {
        byte[] last = row;
        row = above;
        above = last;
        inflate();
        int pixel = header.pixelBytes();
        switch (row[0]) {
            case 0 -> { }
            case 1 -> addLeft(row, pixel, length);
            case 2 -> addAbove(row, above, length);
            case 3 -> addMean(row, above, pixel, length);
            case 4 -> addNearest(row, above, pixel, length);
            default -> throw new IOException("a row has filter " + (row[0] & 0xff) + "; 0 to 4 are possible");
        }
        return row;
    }

    private void inflate() throws IOException {
        try {
            for (int done = 0; done <= length; ) {
                done += inflater.inflate(row, done, 1 + length - done);
                if (done <= length) {
                    if (inflater.finished() || inflater.needsDictionary()) {
                        throw new EOFException();
                    }
                    feed();
                }
            }
        } catch (DataFormatException e) {
            throw new IOException("its compressed pixels are broken: " + e.getMessage(), e);
        }
    }

    /** Gives the next chunk's data to the inflater. */
    private void feed() throws EOFException {
        if (PngHeader.u32(data, size, chunk + 4L) != PngHeader.IDAT) {
            throw new EOFException();
        }
        int from = chunk + 8;
        long to = from + Integer.toUnsignedLong(PngHeader.u32(data, size, chunk));
        inflater.setInput(data, from, (int) Math.min(to, size) - from);
        chunk = (int) Math.min(to + 4, size); // behind the checksum
    }

    private static void addLeft(byte[] row, int pixel, int length) {
        for (int i = pixel + 1; i <= length; i++) {
            row[i] += row[i - pixel];
        }
    }

    private static void addAbove(byte[] row, byte[] above, int length) {
        for (int i = 1; i <= length; i++) {
            row[i] += above[i];
        }
    }

    private static void addMean(byte[] row, byte[] above, int pixel, int length) {
        for (int i = 1; i <= length; i++) {
            int left = i > pixel ? row[i - pixel] & 0xff : 0;
            row[i] += (byte) (left + (above[i] & 0xff) >> 1);
        }
    }

    /** Paeth's filter: the neighbour that is nearest to left + above - corner. */
    private static void addNearest(byte[] row, byte[] above, int pixel, int length) {
        for (int i = 1; i <= Math.min(pixel, length); i++) {
            row[i] += above[i];
        }
        for (int i = pixel + 1; i <= length; i++) {
            int left = row[i - pixel] & 0xff;
            int up = above[i] & 0xff;
            int corner = above[i - pixel] & 0xff;
            int toLeft = Math.abs(up - corner);
            int toUp = Math.abs(left - corner);
            int toCorner = Math.abs(left + up - 2 * corner);
            row[i] += (byte) (toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner);
        }
    }
}
