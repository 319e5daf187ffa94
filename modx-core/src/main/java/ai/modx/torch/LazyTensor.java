package ai.modx.torch;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * A tensor whose elements are fetched when a writer gets to it.
 *
 * @param type   element type
 * @param shape  dimensions; empty for a scalar
 * @param values gives the elements, of exactly this type and shape
 */
public record LazyTensor(ElementType type, long[] shape, Supplier<HostTensor> values) implements TensorSource {

    public LazyTensor {
        shape = shape.clone();
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    @Override
    public HostTensor load() {
        HostTensor loaded = values.get();
        if (loaded.type() != type || !Arrays.equals(loaded.shape(), shape)) {
            throw new IllegalStateException("A tensor was announced as " + type + " " + Arrays.toString(shape) + ", but is "
                    + loaded.type() + " " + Arrays.toString(loaded.shape()));
        }
        return loaded;
    }
}
