package ai.modx.data.image;

/** The samples of one component of a JPEG file, or of a rectangle of its blocks. The memory is used again for the next file. */
final class JpegPlane {

    private static final int SIDE = 8;

    private int[][] columns = {}; // [width, at least height]
    private int left;
    private int top;
    private int width;
    private int height;
    private boolean split;
    private int lastColumn;
    private int lastRow;

    /**
     * Makes room for another file's component.
     *
     * @param fullWidth  columns of the component, without the filling of the last block
     * @param fullHeight rows likewise
     * @param blocks     which blocks are kept
     * @param split      whether a column holds its even rows first, and then its odd ones
     */
    void reset(int fullWidth, int fullHeight, CropBox blocks, boolean split) {
        this.left = SIDE * blocks.left();
        this.top = SIDE * blocks.top();
        this.height = SIDE * blocks.height();
        this.split = split;
        this.lastColumn = fullWidth - 1;
        this.lastRow = fullHeight - 1 - top;
        this.width = SIDE * blocks.width();
        if (columns.length < width || columns[0].length < height) {
            columns = new int[width][height];
        }
    }

    /**
     * Writes a row of blocks.
     *
     * @param blocks   [64, block] samples
     * @param first    the first one
     * @param blockRow which row of the whole component
     */
    void put(int[][] blocks, int first, int blockRow) {
        int row = SIDE * blockRow - top;
        int start = split ? row / 2 : row;
        int step = split ? height / 2 : 1; // from an even row to the odd one
        int pair = split ? 1 : 2; // from an even row to the next
        for (int c = 0; c < SIDE; c++) {
            int[] row0 = blocks[c];
            int[] row1 = blocks[c + SIDE];
            int[] row2 = blocks[c + 2 * SIDE];
            int[] row3 = blocks[c + 3 * SIDE];
            int[] row4 = blocks[c + 4 * SIDE];
            int[] row5 = blocks[c + 5 * SIDE];
            int[] row6 = blocks[c + 6 * SIDE];
            int[] row7 = blocks[c + 7 * SIDE];
            for (int x = c, block = first; x < width; x += SIDE, block++) {
                int[] to = columns[x];
                to[start] = row0[block];
                to[start + pair] = row2[block];
                to[start + 2 * pair] = row4[block];
                to[start + 3 * pair] = row6[block];
                to[start + step] = row1[block];
                to[start + step + pair] = row3[block];
                to[start + step + 2 * pair] = row5[block];
                to[start + step + 3 * pair] = row7[block];
            }
        }
    }

    /** Samples of a column. */
    int height() {
        return height;
    }

    /** The samples of a column, of the last one if there are not so many. */
    int[] column(int column) {
        return columns[Math.max(0, Math.min(column, lastColumn)) - left];
    }

    /** Where in a column a row of the whole component stands. */
    int position(int row) {
        int y = row - top;
        return split ? y / 2 + (y & 1) * (height / 2) : y;
    }

    /** Writes a column moved up or down by a row, so that its neighbours stand where its samples were; the edges repeat. */
    void moved(int column, int rows, int[] to) {
        int[] from = column(column);
        int last = Math.min(height - 1, lastRow);
        if (rows < 0) {
            System.arraycopy(from, 0, to, 1, height - 1);
            to[0] = from[0];
        } else {
            System.arraycopy(from, 1, to, 0, height - 1);
            to[last] = from[last];
        }
    }
}
