package ai.modx.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Numbers of one step, as TensorBoard's protocol buffers {@code Event} and {@code Summary} hold them (tensorboard/compat/proto). The few
 * fields that scalars need are written by hand; others are passed over when reading.
 *
 * @param wallTime seconds since 1970
 * @param step     that the numbers belong to
 * @param scalars  by tag, in order
 */
public record Event(double wallTime, long step, Map<String, Float> scalars) {

    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    /** Of a summary. */
    private static final int VALUE = 1;
    /** Of a value. */
    private static final int TAG = 1;
    private static final int SIMPLE_VALUE = 2;

    private static final int VARINT = 0;
    private static final int BITS_64 = 1;
    private static final int BYTES = 2;
    private static final int BITS_32 = 5;

    public Event {
        scalars = new LinkedHashMap<>(scalars);
    }

    /** What a file begins with: the version of the format. */
    static byte[] fileVersion() {
        return new Message().bytes(FILE_VERSION, "brain.Event:2".getBytes(StandardCharsets.UTF_8)).toByteArray();
    }

    byte[] encode() {
        Message summary = new Message();
        scalars.forEach((tag, number) -> summary.bytes(VALUE,
                new Message().bytes(TAG, tag.getBytes(StandardCharsets.UTF_8)).bits32(SIMPLE_VALUE, Float.floatToRawIntBits(number)).toByteArray()));
        return new Message().bits64(WALL_TIME, Double.doubleToRawLongBits(wallTime)).varint(STEP, step).bytes(SUMMARY, summary.toByteArray()).toByteArray();
    }

    /**
     * Reads what {@link #encode} wrote, or any other event.
     *
     * @throws BufferUnderflowException if it ends early
     * @throws IllegalArgumentException if it is none
     */
    static Event decode(ByteBuffer bytes) {
        ByteBuffer in = bytes.order(ByteOrder.LITTLE_ENDIAN);
        double wallTime = 0;
        long step = 0;
        Map<String, Float> scalars = new LinkedHashMap<>();
        while (in.hasRemaining()) {
            long key = varint(in);
            if (key == key(WALL_TIME, BITS_64)) {
                wallTime = in.getDouble();
            } else if (key == key(STEP, VARINT)) {
                step = varint(in);
            } else if (key == key(SUMMARY, BYTES)) {
                decodeSummary(part(in), scalars);
            } else {
                skip(key, in);
            }
        }
        return new Event(wallTime, step, scalars);
    }

    private static void decodeSummary(ByteBuffer in, Map<String, Float> scalars) {
        while (in.hasRemaining()) {
            long key = varint(in);
            if (key == key(VALUE, BYTES)) {
                decodeValue(part(in), scalars);
            } else {
                skip(key, in);
            }
        }
    }

    private static void decodeValue(ByteBuffer in, Map<String, Float> scalars) {
        String tag = "";
        float number = 0;
        while (in.hasRemaining()) {
            long key = varint(in);
            if (key == key(TAG, BYTES)) {
                tag = StandardCharsets.UTF_8.decode(part(in)).toString();
            } else if (key == key(SIMPLE_VALUE, BITS_32)) {
                number = in.getFloat();
            } else {
                skip(key, in);
            }
        }
        scalars.put(tag, number);
    }

    private static long key(int field, int type) {
        return field << 3 | type;
    }

    private static void skip(long key, ByteBuffer in) {
        switch ((int) key & 7) {
            case VARINT -> varint(in);
            case BITS_64 -> in.getLong();
            case BYTES -> part(in);
            case BITS_32 -> in.getInt();
            default -> throw new IllegalArgumentException("no protocol buffer");
        }
    }

    private static ByteBuffer part(ByteBuffer in) {
        long length = varint(in);
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer part = in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
        in.position(in.position() + (int) length);
        return part;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("no protocol buffer");
    }

    /** A protocol buffer in the making: fields one after another, each by its number. */
    private static final class Message {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message varint(int field, long value) {
            writeVarint(key(field, VARINT));
            writeVarint(value);
            return this;
        }

        Message bits64(int field, long bits) {
            writeVarint(key(field, BITS_64));
            out.writeBytes(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(bits).array());
            return this;
        }

        Message bits32(int field, int bits) {
            writeVarint(key(field, BITS_32));
            out.writeBytes(ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(bits).array());
            return this;
        }

        Message bytes(int field, byte[] value) {
            writeVarint(key(field, BYTES));
            writeVarint(value.length);
            out.writeBytes(value);
            return this;
        }

        private void writeVarint(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                out.write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }

        byte[] toByteArray() {
            return out.toByteArray();
        }
    }
}
