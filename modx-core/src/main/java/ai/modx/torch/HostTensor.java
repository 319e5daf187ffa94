package ai.modx.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * A dense tensor in host memory: row-major, little-endian, with no engine behind it. What files are read into and
 * written from.
 *
 * @param type  element type
 * @param shape dimensions; empty for a scalar
 * @param data  exactly the elements, from position 0 to the limit; every accessor returns a fresh view
 */
public record HostTensor(ElementType type, long[] shape, ByteBuffer data) implements TensorSource {

    public HostTensor {
        shape = shape.clone();
        data = data.slice().order(ByteOrder.LITTLE_ENDIAN);
        long bytes = Math.multiplyExact(numel(shape), (long) type.bytes());
        if (data.remaining() != bytes) {
            throw new IllegalArgumentException("A tensor of shape " + Arrays.toString(shape) + " and type " + type + " has "
                    + bytes + " bytes, but " + data.remaining() + " were given");
        }
    }

    /** A float32 tensor of the given values. */
    public static HostTensor of(float[] values, long... shape) {
        ByteBuffer data = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return new HostTensor(ElementType.FLOAT32, shape, data);
    }

    /** Number of elements of the given shape; at least 0, checked for overflow. */
    public static long numel(long... shape) {
        long product = 1;
        for (long dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException("Negative dimension in shape " + Arrays.toString(shape));
            }
            product = Math.multiplyExact(product, dimension);
        }
        return product;
    }

    public long numel() {
        return numel(shape);
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    @Override
    public ByteBuffer data() {
        return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public HostTensor load() {
        return this;
    }

    /** The elements as float32: floating types are widened or narrowed, integers converted. */
    public HostTensor toFloat32() {
        if (type == ElementType.FLOAT32) {
            return this;
        }
        ByteBuffer in = data();
        ByteBuffer out = ByteBuffer.allocateDirect(Math.toIntExact(Math.multiplyExact(numel(), 4L))).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer floats = out.asFloatBuffer();
        for (int at = 0; at < in.limit(); at += type.bytes()) {
            floats.put((float) number(in, at));
        }
        return new HostTensor(ElementType.FLOAT32, shape, out);
    }

    /** A copy of the elements as a float array, converted as by {@link #toFloat32()}. */
    public float[] toFloatArray() {
        FloatBuffer floats = toFloat32().data().asFloatBuffer();
        float[] values = new float[floats.remaining()];
        floats.get(values);
        return values;
    }

    /** An element as a number, by its index in row-major order: exact but for 64-bit integers beyond 2^53. */
    public double number(int index) {
        return number(data(), index * type.bytes());
    }

    private double number(ByteBuffer in, int at) {
        return switch (type) {
            case FLOAT64 -> in.getDouble(at);
            case FLOAT32 -> in.getFloat(at);
            case FLOAT16 -> halfToFloat(in.getShort(at));
            case BFLOAT16 -> Float.intBitsToFloat(in.getShort(at) << 16);
            case INT64 -> in.getLong(at);
            case INT32 -> in.getInt(at);
            case INT16 -> in.getShort(at);
            case INT8 -> in.get(at);
            case UINT8, BOOL -> in.get(at) & 0xff;
        };
    }

    /** IEEE 754 binary16 to binary32, exact for every value. */
    private static float halfToFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >> 10) & 0x1f;
        int fraction = half & 0x3ff;
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f; // zero or subnormal
            return sign == 0 ? magnitude : -magnitude;
        }
        if (exponent == 31) {
            return Float.intBitsToFloat(sign | 0x7f800000 | fraction << 13);
        }
        return Float.intBitsToFloat(sign | (exponent + 112) << 23 | fraction << 13);
    }
}
