package ai.modx.data.image;

/**
 * The part of a picture that becomes an image.
 *
 * @param left     first column
 * @param top      first row
 * @param width    columns, at least 1
 * @param height   rows, at least 1
 * @param mirrored whether left and right are exchanged afterwards
 */
public record CropBox(int left, int top, int width, int height, boolean mirrored) {

    public CropBox {
        if (left < 0 || top < 0 || width < 1 || height < 1) {
            throw new IllegalArgumentException("No box: " + width + " x " + height + " at " + left + ", " + top);
        }
    }
}
