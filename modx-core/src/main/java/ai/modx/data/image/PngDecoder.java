package ai.modx.data.image;

import java.io.IOException;
import java.util.zip.Inflater;

/** Decodes PNG to the samples in the file: no gamma, no colour profile, transparent colours ignored. Belongs to one thread. */
final class PngDecoder implements AutoCloseable {

    /** Of an interlaced picture's passes (Adam7): first column, first row, and the steps from one to the next. */
    private static final int[][] PASSES = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
    private static final int[][] ONE_PASS = {{0, 0, 1, 1}};

    private final Inflater inflater = new Inflater();

    /**
     * @param header of the same data
     * @throws java.io.EOFException if the data end too early
     * @throws IOException if they are no PNG that can be decoded
     */
    Picture decode(PngHeader header, byte[] data, int size) throws IOException {
        PixelMode mode = header.mode();
        if (!header.sound()) {
            throw new IOException("the checksum of its header or palette is wrong");
        }
        PngRows rows = new PngRows(header, inflater, data, size);
        byte[] samples = new byte[header.width() * header.height() * mode.bytes()];
        for (int[] pass : header.interlaced() ? PASSES : ONE_PASS) {
            int columns = (header.width() - pass[0] + pass[2] - 1) / pass[2];
            if (columns > 0) {
                rows.start(columns);
                for (int y = pass[1]; y < header.height(); y += pass[3]) {
                    put(header, mode, rows.next(), columns, samples, (y * header.width() + pass[0]) * mode.bytes(), pass[2] * mode.bytes());
                }
            }
        }
        return new Picture(header.width(), header.height(), mode, samples, header.palette());
    }

    /**
     * Writes the pixels of a row.
     *
     * @param row  as in the file, from 1 on
     * @param at   where the first pixel goes
     * @param step from one to the next
     */
    private static void put(PngHeader header, PixelMode mode, byte[] row, int columns, byte[] samples, int at, int step) {
        int bytes = mode.bytes();
        boolean whole = header.depth() == 8 || mode == PixelMode.GRAY16;
        if (whole && step == bytes) {
            System.arraycopy(row, 1, samples, at, columns * bytes);
        } else if (header.depth() >= 8) {
            int stored = whole ? 1 : 2; // of two bytes the upper one is taken
            for (int i = 0; i < columns; i++, at += step) {
                for (int band = 0; band < bytes; band++) {
                    samples[at + band] = row[1 + (i * bytes + band) * stored];
                }
            }
        } else {
            int perByte = 8 / header.depth();
            int largest = (1 << header.depth()) - 1;
            int factor = mode == PixelMode.PALETTE ? 1 : 255 / largest;
            for (int i = 0; i < columns; i++, at += step) {
                samples[at] = (byte) ((row[1 + i / perByte] >> 8 - header.depth() * (1 + i % perByte) & largest) * factor);
            }
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
