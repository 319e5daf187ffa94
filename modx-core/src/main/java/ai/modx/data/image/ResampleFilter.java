package ai.modx.data.image;

/** The kernels with which pictures are resized. When a picture shrinks, the kernel is widened with it (antialiasing). */
public enum ResampleFilter {

    /** Triangle. */
    BILINEAR(1) {
        @Override
        double weight(double distance) {
            return Math.max(0, 1 - Math.abs(distance));
        }
    },

    /** Keys' cubic convolution with a = -1/2, as in Pillow (torch's own bicubic has -3/4). */
    BICUBIC(2) {
        private static final double A = -0.5;

        @Override
        double weight(double distance) {
            double x = Math.abs(distance);
            if (x < 1) {
                return ((A + 2) * x - (A + 3)) * x * x + 1;
            }
            return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
        }
    };

    private final int radius;

    ResampleFilter(int radius) {
        this.radius = radius;
    }

    /** The distance from which on the weight is 0, in samples. */
    int radius() {
        return radius;
    }

    abstract double weight(double distance);
}
