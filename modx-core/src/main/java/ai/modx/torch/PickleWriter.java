package ai.modx.torch;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes one tree of plain values and tensors as a pickle of protocol 2, with the operations that {@code torch.save} and
 * {@code torch.jit.save} use, so that {@code torch.load(weights_only=True)} and {@code torch::jit::load} both read it.
 *
 * <p>The tree may hold {@code null} (None), {@link Boolean}, {@link Integer}, {@link Long}, {@link BigInteger},
 * {@link Float}, {@link Double}, {@link String}, {@link List}, {@link Map} (dict), {@link OrderedDict}, {@link Tuple},
 * {@link ScriptObject} and {@link TensorSource}. A tensor's elements are not part of the pickle: it names them by a number,
 * the index in {@link #tensors()}, under which the archive holds them ({@code data/0}, {@code data/1}, ...).
 */
public final class PickleWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<String, Integer> memo = new HashMap<>();
    private final Map<TensorSource, Integer> storages = new IdentityHashMap<>();
    private final List<TensorSource> tensors = new ArrayList<>();
    private final byte[] bytes;

    /**
     * Pickles a tree.
     *
     * @throws IllegalArgumentException for a value of a type not listed above
     */
    public PickleWriter(Object tree) {
        op(0x80);
        out.write(2);
        value(tree);
        op('.');
        bytes = out.toByteArray();
    }

    /** The pickle: the content of {@code data.pkl}. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The tensors in the tree, each once, in the order of their storage numbers. */
    public List<TensorSource> tensors() {
        return List.copyOf(tensors);
    }

    private void value(Object value) {
        if (value == null) {
            op('N');
        } else if (value instanceof Boolean flag) {
            op(flag ? 0x88 : 0x89);
        } else if (value instanceof Integer || value instanceof Long) {
            integer(((Number) value).longValue());
        } else if (value instanceof BigInteger big) {
            big(big);
        } else if (value instanceof Double || value instanceof Float) {
            op('G');
            out.writeBytes(ByteBuffer.allocate(8).putDouble(((Number) value).doubleValue()).array());
        } else if (value instanceof String text) {
            string(text);
        } else if (value instanceof TensorSource tensor) {
            tensor(tensor);
        } else {
            container(value);
        }
    }

    private void container(Object value) {
        if (value instanceof Tuple tuple) {
            tuple(tuple.items());
        } else if (value instanceof List<?> list) {
            op(']');
            if (!list.isEmpty()) {
                op('(');
                list.forEach(this::value);
                op('e');
            }
        } else if (value instanceof Map<?, ?> map) {
            dict(map);
        } else if (value instanceof OrderedDict ordered) {
            emptyOrderedDict();
            items(ordered.items());
        } else if (value instanceof ScriptObject object) {
            int dot = object.className().lastIndexOf('.');
            global(object.className().substring(0, dot), object.className().substring(dot + 1));
            op(')');
            op(0x81); // NEWOBJ
            dict(object.attributes());
            op('b'); // BUILD
        } else {
            throw new IllegalArgumentException("Cannot pickle a " + value.getClass().getName());
        }
    }

    private void dict(Map<?, ?> map) {
        op('}');
        items(map);
    }

    private void items(Map<?, ?> map) {
        if (!map.isEmpty()) {
            op('(');
            map.forEach((key, item) -> {
                value(key);
                value(item);
            });
            op('u');
        }
    }

    private void tuple(List<?> items) {
        int size = items.size();
        if (size > 3) {
            op('(');
        }
        items.forEach(this::value);
        op(switch (size) {
            case 0 -> ')';
            case 1 -> 0x85;
            case 2 -> 0x86;
            case 3 -> 0x87;
            default -> 't';
        });
    }

    private void integer(long value) {
        if (value >= 0 && value <= 0xff) {
            op('K');
            out.write((int) value);
        } else if (value >= 0 && value <= 0xffff) {
            op('M');
            out.write((int) value);
            out.write((int) value >> 8);
        } else if (value == (int) value) {
            op('J');
            int32((int) value);
        } else {
            // Always 8 bytes: libtorch accepts no other length here, Python accepts any.
            op(0x8a);
            out.write(8);
            out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
        }
    }

    private void big(BigInteger value) {
        if (value.bitLength() < 64) {
            integer(value.longValue());
            return;
        }
        byte[] bigEndian = value.toByteArray();
        if (bigEndian.length > 255) {
            throw new IllegalArgumentException("Cannot pickle an integer of " + value.bitLength() + " bits");
        }
        op(0x8a);
        out.write(bigEndian.length);
        for (int i = bigEndian.length - 1; i >= 0; i--) {
            out.write(bigEndian[i]);
        }
    }

    private void string(String text) {
        if (recalled("s" + text)) {
            return;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        op('X');
        int32(utf8.length);
        out.writeBytes(utf8);
        remember("s" + text);
    }

    private void global(String module, String name) {
        String line = module + "\n" + name + "\n";
        if (!recalled("g" + line)) {
            op('c');
            out.writeBytes(line.getBytes(StandardCharsets.UTF_8));
            remember("g" + line);
        }
    }

    /** A contiguous tensor that starts at element 0 of a storage of its own. */
    private void tensor(TensorSource tensor) {
        Integer storage = storages.get(tensor);
        if (storage == null) {
            storage = tensors.size();
            storages.put(tensor, storage);
            tensors.add(tensor);
        }
        long[] shape = tensor.shape();
        global("torch._utils", "_rebuild_tensor_v2");
        op('(');
        op('(');
        string("storage");
        global("torch", tensor.type().torchStorage());
        string(Integer.toString(storage));
        string("cpu");
        integer(HostTensor.numel(shape));
        op('t');
        op('Q'); // BINPERSID: the tuple above names the storage
        integer(0);
        tuple(boxed(shape));
        tuple(boxed(rowMajorStrides(shape)));
        value(false); // requires_grad
        emptyOrderedDict(); // backward hooks
        op('t');
        op('R');
    }

    private void emptyOrderedDict() {
        global("collections", "OrderedDict");
        op(')');
        op('R');
    }

    /** As torch counts them: a dimension of size 0 is taken for 1. */
    private static long[] rowMajorStrides(long[] shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride = Math.multiplyExact(stride, Math.max(1, shape[i]));
        }
        return strides;
    }

    private static List<Long> boxed(long[] values) {
        List<Long> list = new ArrayList<>();
        for (long value : values) {
            list.add(value);
        }
        return list;
    }

    private boolean recalled(String what) {
        Integer index = memo.get(what);
        if (index == null) {
            return false;
        }
        if (index <= 0xff) {
            op('h');
            out.write(index);
        } else {
            op('j');
            int32(index);
        }
        return true;
    }

    private void remember(String what) {
        int index = memo.size();
        memo.put(what, index);
        if (index <= 0xff) {
            op('q');
            out.write(index);
        } else {
            op('r');
            int32(index);
        }
    }

    private void int32(int value) {
        out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }

    private void op(int code) {
        out.write(code);
    }
}
