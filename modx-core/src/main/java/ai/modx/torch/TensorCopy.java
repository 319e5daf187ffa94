package ai.modx.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;

/** Copies tensors between host memory and a device. Both directions copy: neither side aliases the other. */
public final class TensorCopy {

    private TensorCopy() {}

    /**
     * A new array on the manager's device, in memory that libtorch allocated. It belongs to the manager and to no scope.
     *
     * @throws IllegalArgumentException for an element type that must not surface in Java (bfloat16 aborts the engine)
     */
    public static NDArray toDevice(NDManager manager, HostTensor tensor) {
        ByteBuffer direct = ByteBuffer.allocateDirect(tensor.data().remaining()).put(tensor.data()).flip();
        NDArray array = manager.create(direct, new Shape(tensor.shape()), dataType(tensor.type()));
        if (manager.getDevice().isGpu()) {
            return NativeScope.keep(array);
        }
        try (array) { // on the CPU the engine aliases a direct buffer, so clone before the buffer goes its own way
            return NativeScope.keep(array.duplicate());
        }
    }

    /** The array's elements in host memory. Java allocates it: where the engine does, a full heap ends the process. */
    public static HostTensor toHost(NDArray array) {
        if (array.getDevice().isGpu()) {
            // The copy lives in a sub-manager of its own, which nothing else would close.
            NDArray copy = array.toDevice(Device.cpu(), true);
            NDManager owner = copy.getManager();
            try {
                return toHost(copy);
            } finally {
                copy.close();
                if (owner != array.getManager()) {
                    owner.close();
                }
            }
        }
        ByteBuffer copy = ByteBuffer.allocate(Math.toIntExact(array.size() * array.getDataType().getNumOfBytes()));
        if (copy.hasRemaining()) {
            try (NativeScope scope = NativeScope.withoutGradients()) { // of a dense copy, if the array has gaps
                copy.put(array.toByteBuffer(true)).flip();
            }
        }
        return new HostTensor(elementType(array.getDataType()), array.getShape().getShape(), copy);
    }

    /** The number in an array of one. The engine's own methods would leave a copy of an array on a GPU, and a manager, behind with each call. */
    public static float toFloat(NDArray scalar) {
        return toHost(scalar).toFloatArray()[0];
    }

    /** The array as something a file writer takes: copied to the host when the writer gets to it. */
    public static TensorSource lazily(NDArray array) {
        return new LazyTensor(elementType(array.getDataType()), array.getShape().getShape(), () -> toHost(array));
    }

    private static DataType dataType(ElementType type) {
        return switch (type) {
            case FLOAT64 -> DataType.FLOAT64;
            case FLOAT32 -> DataType.FLOAT32;
            case FLOAT16 -> DataType.FLOAT16;
            case INT64 -> DataType.INT64;
            case INT32 -> DataType.INT32;
            case INT8 -> DataType.INT8;
            case UINT8 -> DataType.UINT8;
            case BOOL -> DataType.BOOLEAN;
            case BFLOAT16, INT16 -> throw new IllegalArgumentException("The engine takes no " + type + " tensors from Java");
        };
    }

    private static ElementType elementType(DataType type) {
        return switch (type) {
            case FLOAT64 -> ElementType.FLOAT64;
            case FLOAT32 -> ElementType.FLOAT32;
            case FLOAT16 -> ElementType.FLOAT16;
            case INT64 -> ElementType.INT64;
            case INT32 -> ElementType.INT32;
            case INT8 -> ElementType.INT8;
            case UINT8 -> ElementType.UINT8;
            case BOOLEAN -> ElementType.BOOL;
            default -> throw new IllegalArgumentException("No host type for " + type);
        };
    }
}
