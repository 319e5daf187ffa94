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

    @Override
    public void read(int column, int[][] target) {
        for (int band = 0; band < bands; band++) {
            int from = (part.top() * width + part.left() + column) * bands + band;
            for (int row = 0; row < part.height(); row++, from += width * bands) {
                target[band][row] = samples[from] & 0xff;
            }
        }
    }
}
