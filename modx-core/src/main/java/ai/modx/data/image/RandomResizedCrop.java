package ai.modx.data.image;

import ai.modx.data.SplitMix;

/**
 * The random transform that image classifiers are trained with, torchvision's {@code RandomResizedCrop(S)} and
 * {@code RandomHorizontalFlip()} with their defaults: a box of 8 to 100 % of the area and of ratio 3/4 to 4/3, uniform in its
 * logarithm, anywhere in the picture, becomes an S x S image, antialiased, and is mirrored half of the time.
 *
 * @param side S, side of the image
 */
public record RandomResizedCrop(int side) {

    /** Kernel of the resize. */
    static final ResampleFilter FILTER = ResampleFilter.BILINEAR;

    private static final double SMALLEST_AREA = 0.08;
    private static final double SMALLEST_RATIO = 3 / 4.0;
    private static final double LARGEST_RATIO = 4 / 3.0;
    private static final int TRIES = 10;

    public RandomResizedCrop {
        if (side < 1) {
            throw new IllegalArgumentException("An image has no side of " + side);
        }
    }

    /** The next box for a picture. */
    CropBox draw(int width, int height, SplitMix random) {
        for (int i = 0; i < TRIES; i++) {
            double area = (double) width * height * uniform(SMALLEST_AREA, 1, random);
            double ratio = Math.exp(uniform(Math.log(SMALLEST_RATIO), Math.log(LARGEST_RATIO), random));
            int w = (int) Math.rint(Math.sqrt(area * ratio));
            int h = (int) Math.rint(Math.sqrt(area / ratio));
            if (w > 0 && w <= width && h > 0 && h <= height) {
                int top = random.below(height - h + 1);
                int left = random.below(width - w + 1);
                return new CropBox(left, top, w, h, mirrored(random));
            }
        }
        return largestInTheMiddle(width, height, mirrored(random));
    }

    /** What is taken of a picture in which no try fitted: all of it, or the middle, as far as its ratio is allowed. */
    private static CropBox largestInTheMiddle(int width, int height, boolean mirrored) {
        double ratio = (double) width / height;
        int w = ratio > LARGEST_RATIO ? (int) Math.rint(height * LARGEST_RATIO) : width;
        int h = ratio < SMALLEST_RATIO ? (int) Math.rint(width / SMALLEST_RATIO) : height;
        return new CropBox((width - w) / 2, (height - h) / 2, w, h, mirrored);
    }

    private static double uniform(double from, double to, SplitMix random) {
        return from + (to - from) * random.fraction();
    }

    private static boolean mirrored(SplitMix random) {
        return random.fraction() < 0.5;
    }
}
