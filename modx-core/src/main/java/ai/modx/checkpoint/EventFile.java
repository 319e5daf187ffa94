package ai.modx.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

/**
 * A file of TensorBoard events that grows while a run goes on. What was written after the events that stay, perhaps half an event, is
 * cut off: a reader that follows the file finds the same steps again at the same places.
 *
 * <p>Each event is a TFRecord (TensorFlow, {@code lib/io/record_writer.h}): length, checksum of the length, bytes, checksum of the bytes.
 */
public final class EventFile implements AutoCloseable {

    private static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;
    /** Much longer than any event of ours: a length that lies is not believed. */
    private static final int LONGEST = 1 << 20;

    private final GrowingFile file;

    private EventFile(GrowingFile file) {
        this.file = file;
    }

    /**
     * Opens a file, which is made if there is none, and keeps its first events, up to one that shall not stay or is damaged.
     *
     * @throws SaveException if it cannot be written
     */
    public static EventFile keeping(Path path, Predicate<Event> stays) {
        EventFile events = new EventFile(GrowingFile.open(path, in -> end(in, stays)));
        if (events.file.kept() == 0) {
            events.append(Event.fileVersion());
        }
        return events;
    }

    private static long end(InputStream in, Predicate<Event> stays) throws IOException {
        long end = 0;
        for (Optional<byte[]> record = read(in); record.isPresent(); record = read(in)) {
            try {
                if (!stays.test(Event.decode(ByteBuffer.wrap(record.get())))) {
                    break;
                }
            } catch (BufferUnderflowException | IllegalArgumentException e) {
                break; // whole, but nothing that we wrote
            }
            end += HEADER_BYTES + record.get().length + Integer.BYTES;
        }
        return end;
    }

    private static Optional<byte[]> read(InputStream in) throws IOException {
        ByteBuffer header = littleEndian(in.readNBytes(HEADER_BYTES));
        if (header.capacity() < HEADER_BYTES || header.getInt(Long.BYTES) != checksum(header.array(), Long.BYTES)) {
            return Optional.empty();
        }
        long length = header.getLong(0);
        if (length < 0 || length > LONGEST) {
            return Optional.empty();
        }
        byte[] data = in.readNBytes((int) length);
        ByteBuffer footer = littleEndian(in.readNBytes(Integer.BYTES));
        boolean whole = footer.capacity() == Integer.BYTES && footer.getInt(0) == checksum(data, data.length);
        return whole ? Optional.of(data) : Optional.empty();
    }

    /** @throws SaveException if the event cannot be written */
    public void append(Event event) {
        append(event.encode());
    }

    private void append(byte[] data) {
        ByteBuffer record = ByteBuffer.allocate(HEADER_BYTES + data.length + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(data.length).putInt(checksum(record.array(), Long.BYTES));
        record.put(data).putInt(checksum(data, data.length));
        file.append(record.flip());
    }

    /** CRC32C of the first bytes, masked: a checksum of bytes that hold their own checksum would be no good one. */
    private static int checksum(byte[] bytes, int count) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, count);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Makes sure that everything is on the disk.
     *
     * @throws SaveException if the disk refuses
     */
    public void force() {
        file.force();
    }

    @Override
    public void close() {
        file.close();
    }
}
