package ai.modx.torch;

import java.math.BigInteger;
import java.util.ArrayList;
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

    private final PickleOutput out = new PickleOutput();
    private final Map<TensorSource, Integer> storages = new IdentityHashMap<>();
    private final List<TensorSource> tensors = new ArrayList<>();
    private final byte[] bytes;

    /**
     * Pickles a tree.
     *
     * @throws IllegalArgumentException for a value of a type not listed above
     */
    public PickleWriter(Object tree) {
        out.op(0x80, 2); // protocol 2
        value(tree);
        out.op('.');
        bytes = out.bytes();
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
            out.op('N');
        } else if (value instanceof Boolean flag) {
            out.op(flag ? 0x88 : 0x89);
        } else if (value instanceof Integer || value instanceof Long) {
            out.integer(((Number) value).longValue());
        } else if (value instanceof BigInteger big) {
            out.integer(big);
        } else if (value instanceof Double || value instanceof Float) {
            out.real(((Number) value).doubleValue());
        } else if (value instanceof String text) {
            out.string(text);
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
            out.op(']');
            if (!list.isEmpty()) {
                out.op('(');
                list.forEach(this::value);
                out.op('e');
            }
        } else if (value instanceof Map<?, ?> map) {
            dict(map);
        } else if (value instanceof OrderedDict ordered) {
            emptyOrderedDict();
            items(ordered.items());
        } else if (value instanceof ScriptObject object) {
            int dot = object.className().lastIndexOf('.');
            out.global(object.className().substring(0, dot), object.className().substring(dot + 1));
            out.op(')');
            out.op(0x81); // NEWOBJ
            dict(object.attributes());
            out.op('b'); // BUILD
        } else {
            throw new IllegalArgumentException("Cannot pickle a " + value.getClass().getName());
        }
    }

    private void dict(Map<?, ?> map) {
        out.op('}');
        items(map);
    }

    private void items(Map<?, ?> map) {
        if (!map.isEmpty()) {
            out.op('(');
            map.forEach((key, item) -> {
                value(key);
                value(item);
            });
            out.op('u');
        }
    }

    private void tuple(List<?> items) {
        int size = items.size();
        if (size > 3) {
            out.op('(');
        }
        items.forEach(this::value);
        out.op(switch (size) {
            case 0 -> ')';
            case 1 -> 0x85;
            case 2 -> 0x86;
            case 3 -> 0x87;
            default -> 't';
        });
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
        out.global("torch._utils", "_rebuild_tensor_v2");
        out.op('(');
        out.op('(');
        out.string("storage");
        out.global("torch", tensor.type().torchStorage());
        out.string(Integer.toString(storage));
        out.string("cpu");
        out.integer(HostTensor.numel(shape));
        out.op('t');
        out.op('Q'); // BINPERSID: the tuple above names the storage
        out.integer(0);
        tuple(boxed(shape));
        tuple(boxed(rowMajorStrides(shape)));
        value(false); // requires_grad
        emptyOrderedDict(); // backward hooks
        out.op('t');
        out.op('R');
    }

    private void emptyOrderedDict() {
        out.global("collections", "OrderedDict");
        out.op(')');
        out.op('R');
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
}
