package ai.modx.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.jni.JniUtils;

/**
 * The lifetime of a step's native memory: every array that this thread creates inside the scope dies with it, unless it
 * was given to {@link #keep}. Arrays of the engine are not freed by garbage collection, and a result belongs to its first
 * operand's manager, so without a scope each step's activations would pile up in the model's manager.
 *
 * <p>The scope also owns the thread's gradient mode, which libtorch keeps per thread and turns on in every new one, and
 * turns libtorch's profiling graph executor off: it rewrites a program after its first runs, and a resumed run must
 * compute the same bits as one that never stopped.
 *
 * <p>Scopes nest; a scope is closed by the thread that opened it.
 */
public final class NativeScope implements AutoCloseable {

    private final boolean outerGradients;
    private final NDScope arrays;

    private NativeScope(boolean gradients) {
        outerGradients = JniUtils.isGradMode();
        JniUtils.setGraphExecutorOptimize(false);
        JniUtils.setGradMode(gradients);
        arrays = new NDScope();
    }

    /** A scope whose arithmetic is recorded for backpropagation. */
    public static NativeScope withGradients() {
        return new NativeScope(true);
    }

    /** A scope whose arithmetic is not recorded. */
    public static NativeScope withoutGradients() {
        return new NativeScope(false);
    }

    /** Lets an array of this scope, the innermost one of the thread, outlive it: the caller closes it. */
    public static <T extends NDArray> T keep(T array) {
        NDScope.unregister(array);
        return array;
    }

    /** Lets an array that was kept die with this thread's innermost scope. */
    public static <T extends NDArray> T adopt(T array) {
        NDScope.register(array);
        return array;
    }

    @Override
    public void close() {
        arrays.close();
        JniUtils.setGradMode(outerGradients);
    }
}
