package ai.modx.data.image;

import ai.modx.data.BadImageException;
import ai.modx.data.Defect;
import java.nio.file.Path;

/**
 * The deterministic transform of pictures, torchvision's {@code Resize(resizeSide)} and {@code CenterCrop(side)}, then RGB.
 *
 * @param resizeSide length of the shorter side after the resize
 * @param side       S, side of the centre crop; at most resizeSide, so that no picture ever needs padding
 * @param filter     kernel of the resize, antialiased
 */
public record ImageTransform(int resizeSide, int side, ResampleFilter filter) {

    public ImageTransform {
        if (side < 1 || side > resizeSide) {
            throw new IllegalArgumentException("Cannot crop a square of " + side + " from a side of " + resizeSide);
        }
    }

    /** CLIP's preprocessing for image side S. */
    public static ImageTransform clip(int side) {
        return new ImageTransform(side, side, ResampleFilter.BICUBIC);
    }

    /** What linear evaluation does to validation images: Resize(256), CenterCrop(224), bilinear; in proportion for other sides S. */
    public static ImageTransform linearEvaluation(int side) {
        return new ImageTransform((int) Math.rint(side * 256 / 224.0), side, ResampleFilter.BILINEAR);
    }

    /** What it does, in words that no other transform has. */
    public String words() {
        return "resized to " + resizeSide + ", " + filter + ", cut to " + side;
    }

    /** Bytes of one transformed image, [S, S, 3]. */
    public int imageBytes() {
        return Math.multiplyExact(3, Math.multiplyExact(side, side));
    }

    /** Columns after the resize; the longer side is rounded down. */
    long resizedWidth(int width, int height) {
        return width <= height ? resizeSide : (long) resizeSide * width / height;
    }

    /** Rows after the resize. */
    long resizedHeight(int width, int height) {
        return resizedWidth(height, width);
    }

    /**
     * Checks that the resized picture is not too large: Pillow would allocate all of it, and so refuse a very narrow picture.
     *
     * @throws BadImageException if not
     */
    void requireComputable(Path file, int pictureWidth, int pictureHeight) {
        long width = resizedWidth(pictureWidth, pictureHeight);
        long height = resizedHeight(pictureWidth, pictureHeight);
        if (width * height > ImageDecoder.MAX_PIXELS) {
            throw new BadImageException(Defect.TOO_LARGE_IMAGE, file, "of " + pictureWidth + " x " + pictureHeight
                    + " pixels is too narrow: with a shorter side of " + resizeSide + " it would have " + width + " x " + height
                    + "; at most " + ImageDecoder.MAX_PIXELS + " pixels are computed", "Crop the image or take it out of the data set.");
        }
    }

    /** What to compute along the rows of a picture; its resized width must be an int. */
    Span across(int width, int height) {
        return Span.centred(width, Math.toIntExact(resizedWidth(width, height)), side);
    }

    /** What to compute along the columns of a picture; its resized height must be an int. */
    Span down(int width, int height) {
        return across(height, width);
    }
}
