package ai.modx.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads TensorBoard's files in the plainest way, by the descriptions of TFRecord and of protocol buffers, with every checksum. */
public final class EventDecoder {

    private EventDecoder() {}

    /** The events of a file after the one that names its format; anything that is not whole is an error. */
    public static List<Event> read(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        boolean first = true;
        while (in.hasRemaining()) {
            Map<Integer, List<Object>> event = message(record(in));
            if (first) {
                require(text(event.get(3)).equals("brain.Event:2"), "the format comes first");
                first = false;
                continue;
            }
            Map<String, Float> scalars = new LinkedHashMap<>();
            for (Object value : message((ByteBuffer) event.get(5).get(0)).getOrDefault(1, List.of())) {
                Map<Integer, List<Object>> fields = message((ByteBuffer) value);
                scalars.put(text(fields.get(1)), Float.intBitsToFloat((Integer) fields.get(2).get(0)));
            }
            events.add(new Event(Double.longBitsToDouble((Long) event.get(1).get(0)), (Long) event.get(2).get(0), scalars));
        }
        return events;
    }

    /** What equal runs have in common: steps and numbers, but no times. */
    public static List<String> withoutTimes(Path file) throws IOException {
        Set<String> times = Set.of("train/pairs_per_s", "train/data_s", "train/step_s", "train/peak_memory_mb");
        return read(file).stream().map(event -> {
            Map<String, Float> numbers = new LinkedHashMap<>(event.scalars());
            numbers.keySet().removeAll(times);
            return event.step() + " " + numbers;
        }).toList();
    }

    /** A good event. */
    public static byte[] good() {
        return new Event(1.5e9, 300, Map.of("train/loss", 0.25f, "train/lr", 5e-4f)).encode();
    }

    /** A file of the bytes of one event, with right checksums. */
    public static byte[] framed(byte[] event) {
        ByteBuffer file = ByteBuffer.allocate(16 + event.length).order(ByteOrder.LITTLE_ENDIAN).putLong(event.length);
        return file.putInt(masked(crc32c(Arrays.copyOf(file.array(), 8)))).put(event).putInt(masked(crc32c(event))).array();
    }

    private static ByteBuffer record(ByteBuffer in) {
        byte[] length = bytes(in, 8);
        requireChecksum(length, in.getInt());
        byte[] data = bytes(in, (int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong());
        requireChecksum(data, in.getInt());
        return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] bytes(ByteBuffer in, int count) {
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }

    /** All values of each field: Long or Integer for fixed widths, Long for varints, ByteBuffer for bytes. */
    private static Map<Integer, List<Object>> message(ByteBuffer in) {
        Map<Integer, List<Object>> fields = new TreeMap<>();
        while (in.hasRemaining()) {
            long key = varint(in);
            Object value = switch ((int) key & 7) {
                case 0 -> varint(in);
                case 1 -> in.getLong();
                case 2 -> ByteBuffer.wrap(bytes(in, (int) varint(in))).order(ByteOrder.LITTLE_ENDIAN);
                case 5 -> in.getInt();
                default -> throw new AssertionError("type " + (key & 7));
            };
            fields.computeIfAbsent((int) (key >> 3), field -> new ArrayList<>()).add(value);
        }
        return fields;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0;; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 127) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static String text(List<Object> values) {
        return StandardCharsets.UTF_8.decode((ByteBuffer) values.get(0)).toString();
    }

    private static void requireChecksum(byte[] bytes, int masked) {
        require(masked == masked(crc32c(bytes)), "checksum");
    }

    private static int masked(int crc) {
        return (crc >>> 15 | crc << 17) + 0xa282ead8;
    }

    /** Bit by bit, reflected polynomial of Castagnoli. */
    static int crc32c(byte[] bytes) {
        int crc = -1;
        for (byte next : bytes) {
            crc ^= next & 255;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? crc >>> 1 ^ 0x82f63b78 : crc >>> 1;
            }
        }
        return ~crc;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
