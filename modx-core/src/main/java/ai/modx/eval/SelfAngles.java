package ai.modx.eval;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.TensorCopy;
import ai.modx.torch.TensorFloat32;
import ai.modx.torch.TorchEngine;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How the angles among the samples of one modality changed between two checkpoints, over all pairs of samples, and how many
 * nearest neighbours stayed.
 *
 * @param changes          |angle before - angle after| of every pair
 * @param neighbourOverlap mean share of a sample's {@value #NEIGHBOURS} nearest before that are among them after, in percent
 */
record SelfAngles(AngleHistogram changes, double neighbourOverlap) {

    static final int NEIGHBOURS = 10;
    /** Cosines in memory at a time: 16 MiB, twice. */
    private static final int BLOCK = 1 << 22;

    /**
     * Compares two checkpoints.
     *
     * @param before float32 (N, E), unit rows; N at least 2
     * @param after  the same of the later one
     */
    static SelfAngles between(HostTensor before, HostTensor after, Device device) {
        int size = (int) before.shape()[0];
        int neighbours = Math.min(NEIGHBOURS, size - 1);
        AngleHistogram changes = new AngleHistogram(AngleBins.CHANGES);
        long kept = 0;
        try (NDManager manager = TorchEngine.manager(device);
                NativeScope whole = NativeScope.withoutGradients();
                NDArray first = TensorCopy.toDevice(manager, before);
                NDArray second = TensorCopy.toDevice(manager, after)) {
            int block = Math.max(1, Math.min(size, BLOCK / size));
            for (int begin = 0; begin < size; begin += block) {
                int end = Math.min(begin + block, size);
                float[] cosines = cosines(first, begin, end);
                float[] later = cosines(second, begin, end);
                for (int row = begin; row < end; row++) {
                    float[] old = Arrays.copyOfRange(cosines, (row - begin) * size, (row - begin + 1) * size);
                    float[] now = Arrays.copyOfRange(later, (row - begin) * size, (row - begin + 1) * size);
                    for (int other = row + 1; other < size; other++) {
                        changes.add(Math.abs(degrees(old[other]) - degrees(now[other])));
                    }
                    int[] stayed = nearest(now, row, neighbours);
                    kept += Arrays.stream(nearest(old, row, neighbours)).filter(other -> IntStream.of(stayed).anyMatch(one -> one == other)).count();
                }
            }
        }
        return new SelfAngles(changes, 100.0 * kept / neighbours / size);
    }

    private static float[] cosines(NDArray rows, int begin, int end) {
        try (NativeScope scope = NativeScope.withoutGradients()) {
            NDArray products = TensorFloat32.without(rows.getDevice(), () -> rows.get(begin + ":" + end).matMul(rows.transpose()));
            FloatBuffer values = TensorCopy.toHost(products).data().asFloatBuffer();
            float[] cosines = new float[values.remaining()];
            values.get(cosines);
            return cosines;
        }
    }

    private static double degrees(float cosine) {
        return Math.toDegrees(Math.acos(Math.max(-1, Math.min(1, cosine))));
    }

    /** The samples with the largest cosines, without the sample itself; of equal ones the first. */
    private static int[] nearest(float[] cosines, int self, int count) {
        int[] nearest = new int[count];
        int found = 0;
        for (int other = 0; other < cosines.length; other++) {
            if (other != self && (found < count || cosines[other] > cosines[nearest[count - 1]])) {
                int place = found < count ? found++ : count - 1;
                while (place > 0 && cosines[other] > cosines[nearest[place - 1]]) {
                    nearest[place] = nearest[place - 1];
                    place--;
                }
                nearest[place] = other;
            }
        }
        return nearest;
    }
}
