package ai.modx.checkpoint;

import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Tensors over mapped storages. A contiguous tensor is a view of the file; a strided, transposed or expanded one is copied
 * into row-major order, within a budget, because a view of a few bytes can claim any number of elements.
 */
final class StorageViews implements TensorStore {

    /** Finds the bytes of a storage. */
    interface Lookup {
        ByteBuffer bytes(StorageRef storage) throws IOException;
    }

    private static final int MAX_DIMENSIONS = 64;
    private static final int COPIES_PER_FILE_BYTE = 16;
    private static final long COPIES_OF_SMALL_FILES = 1 << 20;

    private final Lookup lookup;
    private final Map<StorageRef, ByteBuffer> storages = new HashMap<>();
    private long copyBudget;

    StorageViews(Lookup lookup, long fileSize) {
        this.lookup = lookup;
        this.copyBudget = fileSize * COPIES_PER_FILE_BYTE + COPIES_OF_SMALL_FILES;
    }

    @Override
    public void found(StorageRef storage) {
        storages.computeIfAbsent(storage, this::load);
    }

    private ByteBuffer load(StorageRef storage) {
        try {
            ByteBuffer bytes = lookup.bytes(storage);
            if (bytes.remaining() != storage.bytes()) {
                throw new FormatException("storage '" + storage.key() + "' has " + bytes.remaining() + " bytes, but "
                        + storage.numel() + " elements of " + storage.type() + " need " + storage.bytes());
            }
            return bytes.order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public HostTensor view(StorageRef storage, long offset, long[] shape, long[] strides) {
        String what = "a tensor of shape " + Arrays.toString(shape) + ", strides " + Arrays.toString(strides) + ", offset "
                + offset + " over storage '" + storage.key() + "' of " + storage.numel() + " elements";
        if (shape.length != strides.length || shape.length > MAX_DIMENSIONS) {
            throw new FormatException(what + " has no meaning");
        }
        long numel = checkedNumel(storage, offset, shape, strides, what);
        ByteBuffer bytes = storages.get(storage);
        int size = storage.type().bytes();
        if (isRowMajor(shape, strides) || numel == 0) {
            int from = numel == 0 ? 0 : (int) (offset * size);
            return new HostTensor(storage.type(), shape, bytes.slice(from, (int) numel * size));
        }
        if (numel * size > copyBudget) {
            throw new FormatException(what + " is far larger than what the file holds");
        }
        copyBudget -= numel * size;
        return new HostTensor(storage.type(), shape, rowMajor(bytes, storage.type(), offset, shape, strides, (int) numel));
    }

    /** Number of elements, after checking that the first and the last of them lie inside the storage. */
    private static long checkedNumel(StorageRef storage, long offset, long[] shape, long[] strides, String what) {
        try {
            long numel = HostTensor.numel(shape);
            long last = offset;
            for (int i = 0; i < shape.length; i++) {
                if (strides[i] < 0) {
                    throw new FormatException(what + " has a negative stride");
                }
                last = Math.addExact(last, Math.multiplyExact(Math.max(0, shape[i] - 1), strides[i]));
            }
            if (offset < 0 || (numel > 0 && last >= storage.numel())) {
                throw new FormatException(what + " reaches outside of it");
            }
            if (Math.multiplyExact(numel, (long) storage.type().bytes()) > Integer.MAX_VALUE) {
                throw new FormatException(what + " is larger than the 2 GiB that are supported");
            }
            return numel;
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new FormatException(what + " has an impossible size");
        }
    }

    private static boolean isRowMajor(long[] shape, long[] strides) {
        long expected = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            if (shape[i] != 1 && strides[i] != expected) {
                return false;
            }
            expected *= shape[i];
        }
        return true;
    }

    private static ByteBuffer rowMajor(ByteBuffer in, ElementType type, long offset, long[] shape, long[] strides, int numel) {
        int size = type.bytes();
        ByteBuffer out = ByteBuffer.allocateDirect(numel * size).order(ByteOrder.LITTLE_ENDIAN);
        long[] index = new long[shape.length];
        long element = offset;
        for (int i = 0; i < numel; i++) {
            int from = (int) (element * size);
            switch (size) {
                case 1 -> out.put(in.get(from));
                case 2 -> out.putShort(in.getShort(from));
                case 4 -> out.putInt(in.getInt(from));
                default -> out.putLong(in.getLong(from));
            }
            for (int d = shape.length - 1; d >= 0; d--) { // counts up like an odometer, last dimension first
                element += strides[d];
                if (++index[d] < shape[d]) {
                    break;
                }
                element -= strides[d] * shape[d];
                index[d] = 0;
            }
        }
        return out.flip();
    }
}
