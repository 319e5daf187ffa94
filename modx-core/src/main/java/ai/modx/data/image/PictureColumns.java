package ai.modx.data.image;

/**
 * The columns of a part of decoded samples.
 *
 * @param samples [height, width, bands]
 * @param width   columns of all
 * @param bands   samples of a pixel
 */
record PictureColumns(byte[] samples, int width, int bands, CropBox part) implements PixelColumns {

    @Override
    public int length() {
        return part.height();
    }

    @Override
    public int position(int row) {
        return row;
    }

    /** Row by row, since every row of a large picture lies in another page of the memory. */
    @Override
    public void read(int column, int[][] target) {
        int from = (part.top() * width + part.left() + column) * bands;
        int step = width * bands;
        int[] first = target[0];
        if (bands < 3) {
            int[] second = target[bands - 1];
            for (int row = 0; row < part.height(); row++, from += step) {
                first[row] = samples[from] & 0xff;
                second[row] = samples[from + bands - 1] & 0xff;
            }
            return;
        }
        int[] second = target[1];
        int[] third = target[2];
        int[] last = target[bands - 1];
        for (int row = 0; row < part.height(); row++, from += step) {
            first[row] = samples[from] & 0xff;
            second[row] = samples[from + 1] & 0xff;
            third[row] = samples[from + 2] & 0xff;
            last[row] = samples[from + bands - 1] & 0xff;
        }
    }
}
