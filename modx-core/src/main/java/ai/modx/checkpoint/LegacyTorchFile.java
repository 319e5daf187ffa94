package ai.modx.checkpoint;

import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The format of torch before 1.6: five pickles in a row (a magic number, a version, the machine's byte order, the object,
 * the names of its storages), then each storage as its number of elements and its bytes.
 *
 * <p>Where the storages lie is known only after the object's pickle, which needs them; it is therefore read twice.
 */
final class LegacyTorchFile {

    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long VERSION = 1001;

    /** Takes note of the storages and gives empty tensors. */
    private static final class Census implements TensorStore {

        private final Map<String, StorageRef> storages = new HashMap<>();

        @Override
        public void found(StorageRef storage) {
            StorageRef known = storages.putIfAbsent(storage.key(), storage);
            if (known != null && !known.equals(storage)) {
                throw new FormatException("storage '" + storage.key() + "' is described in two ways");
            }
        }

        @Override
        public HostTensor view(StorageRef storage, long offset, long[] shape, long[] strides) {
            return new HostTensor(ElementType.UINT8, new long[] {0}, ByteBuffer.allocate(0));
        }
    }

    private final FileBytes file;
    private final ByteBuffer head;

    private LegacyTorchFile(FileBytes file) throws IOException {
        this.file = file;
        this.head = file.part(0, Math.min(file.size(), PickleReader.MAX_BYTES), "the pickles");
    }

    static Object read(FileBytes file) throws IOException {
        return new LegacyTorchFile(file).object();
    }

    private Object object() throws IOException {
        Census census = new Census();
        if (!MAGIC.equals(next(census))) {
            throw new FormatException("it is a plain pickle, not a file written by torch.save");
        }
        if (!Long.valueOf(VERSION).equals(next(census))) {
            throw new FormatException("it is of an unknown version of torch's legacy format; save it again with a newer torch");
        }
        if (!(next(census) instanceof Map<?, ?> machine) || !Boolean.TRUE.equals(machine.get("little_endian"))) {
            throw new FormatException("it was written on a big-endian machine");
        }
        int start = head.position();
        next(census);
        Map<String, Long> offsets = storageOffsets(next(census), census.storages);
        head.position(start);
        return next(new StorageViews(
                storage -> file.part(place(offsets, storage.key()), storage.bytes(), "storage '" + storage.key() + "'"),
                file.size()));
    }

    private Object next(TensorStore tensors) {
        return new PickleReader(head, new TorchNames(tensors)).read();
    }

    private Map<String, Long> storageOffsets(Object keys, Map<String, StorageRef> storages) throws IOException {
        if (!(keys instanceof List<?> list)) {
            throw new FormatException("the list of its storages is missing");
        }
        Map<String, Long> offsets = new HashMap<>();
        long position = head.position();
        for (Object key : list) {
            StorageRef storage = key instanceof String name ? storages.get(name) : null;
            if (storage == null) {
                throw new FormatException("its list of storages names one that belongs to no tensor, or to one of a type that is not supported");
            }
            long numel = file.part(position, Long.BYTES, "storage '" + key + "'").getLong();
            if (numel != storage.numel() || offsets.put(storage.key(), position + Long.BYTES) != null) {
                throw new FormatException("storage '" + key + "' has " + numel + " elements where " + storage.numel()
                        + " are expected, or occurs twice");
            }
            file.part(position + Long.BYTES, storage.bytes(), "storage '" + key + "'");
            position += Long.BYTES + storage.bytes();
        }
        return offsets;
    }

    private static long place(Map<String, Long> offsets, String key) {
        Long offset = offsets.get(key);
        if (offset == null) {
            throw new FormatException("storage '" + key + "' is missing");
        }
        return offset;
    }
}
