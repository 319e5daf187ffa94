package ai.modx.eval;

import ai.modx.torch.HostTensor;

/** Angles between the rows of two matrices, (N, E) each: row by row, as accurate for small angles as for large ones. */
final class RowAngles {

    private RowAngles() {}

    /** Degrees from 0 to 180, [N]. */
    static double[] between(HostTensor left, HostTensor right) {
        int width = (int) left.shape()[1];
        float[] a = left.toFloatArray();
        float[] b = right.toFloatArray();
        double[] angles = new double[(int) left.shape()[0]];
        for (int row = 0; row < angles.length; row++) {
            angles[row] = angle(a, b, row * width, width);
        }
        return angles;
    }

    /** Kahan's formula for vectors of length 1: 2 atan(|a - b| / |a + b|); the arc cosine of a product loses half of the digits near 0. */
    private static double angle(float[] a, float[] b, int from, int width) {
        double lengthA = length(a, from, width);
        double lengthB = length(b, from, width);
        double difference = 0;
        double sum = 0;
        for (int i = from; i < from + width; i++) {
            double x = a[i] / lengthA;
            double y = b[i] / lengthB;
            difference += (x - y) * (x - y);
            sum += (x + y) * (x + y);
        }
        return Math.toDegrees(2 * Math.atan2(Math.sqrt(difference), Math.sqrt(sum)));
    }

    private static double length(float[] values, int from, int width) {
        double sum = 0;
        for (int i = from; i < from + width; i++) {
            sum += (double) values[i] * values[i];
        }
        return Math.sqrt(sum);
    }
}
