package ai.modx.data.image;

/**
 * A picture, or a part of one, to be read column by column. With a column's samples side by side, all arithmetic along the rows
 * works on long vectors.
 */
interface PixelColumns {

    /** Samples of a pixel. */
    int bands();

    /** Samples of a column and band: one for each row, and perhaps others that do not matter. */
    int length();

    /** Where in a column the sample of a row stands. */
    int position(int row);

    /**
     * Reads a column; columns are asked for in ascending order.
     *
     * @param target receives samples of 0..255, [bands, length]
     */
    void read(int column, int[][] target);
}
