package ai.modx.eval;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.ScriptSource;
import ai.modx.torch.TensorCopy;
import ai.modx.torch.TorchEngine;
import ai.modx.torch.TorchProgram;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * The orthogonal map R that brings the features of one checkpoint, X, nearest to those of another, Y: the Procrustes problem
 * min |X R - Y| (Schoenemann 1966), solved by R = U V' with U S V' = X' Y.
 *
 * @param matrix float64 (E, E)
 */
record OrthogonalMap(HostTensor matrix) {

    /**
     * Finds the map.
     *
     * @param from float32 (N, E), more rows than columns, or it would be fitted to anything
     * @param to   the same
     */
    static OrthogonalMap between(HostTensor from, HostTensor to, Device device) {
        try (NDManager manager = TorchEngine.manager(device);
                NativeScope scope = NativeScope.withoutGradients();
                TorchProgram program = TorchProgram.load(
                        manager, ScriptSource.of(OrthogonalMap.class, "procrustes.py"), "Procrustes", Map.of());
                NDArray before = TensorCopy.toDevice(manager, float64(from));
                NDArray after = TensorCopy.toDevice(manager, float64(to))) {
            return new OrthogonalMap(TensorCopy.toHost(program.call("rotation", before, after)));
        }
    }

    /** X R, float64 (N, E). */
    HostTensor apply(HostTensor rows, Device device) {
        try (NDManager manager = TorchEngine.manager(device);
                NativeScope scope = NativeScope.withoutGradients();
                NDArray left = TensorCopy.toDevice(manager, float64(rows));
                NDArray right = TensorCopy.toDevice(manager, matrix)) {
            return TensorCopy.toHost(left.matMul(right));
        }
    }

    /** The share of the squared distances |X - Y|^2 that the map takes away, in percent. */
    double share(HostTensor from, HostTensor to, Device device) {
        return 100 * (1 - squaredDistance(apply(from, device), to) / squaredDistance(from, to));
    }

    private static double squaredDistance(HostTensor left, HostTensor right) {
        float[] a = left.toFloatArray();
        float[] b = right.toFloatArray();
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return sum;
    }

    private static HostTensor float64(HostTensor tensor) {
        float[] values = tensor.toFloatArray();
        ByteBuffer data = ByteBuffer.allocate(Math.multiplyExact(values.length, Double.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            data.putDouble(value);
        }
        return new HostTensor(ElementType.FLOAT64, tensor.shape(), data.flip());
    }
}
