package ai.modx.lineareval;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.modx.torch.NativeScope;

/**
 * How many validation images of each class one device found, counted on the device.
 *
 * @param top1 int64 (C): the class is the best guess
 * @param topK int64 (C): the class is among the best k
 * @param k    5, or the number of classes if that is less
 */
record HitCounts(NDArray top1, NDArray topK, int k) implements AutoCloseable {

    private static final int K = 5;

    /** Nothing counted yet. */
    static HitCounts on(NDManager manager, int classes) {
        Shape shape = new Shape(classes);
        return new HitCounts(NativeScope.keep(manager.zeros(shape, DataType.INT64)), NativeScope.keep(manager.zeros(shape, DataType.INT64)),
                Math.min(K, classes));
    }

    @Override
    public void close() {
        top1.close();
        topK.close();
    }
}
