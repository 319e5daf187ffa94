package ai.modx.torch;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Writes the kind of zip that torch reads: all entries under one root folder, stored without compression, the content of
 * each at a multiple of 64 bytes so that it can be mapped and used in place. Equal input gives equal bytes.
 *
 * <p>Memory: nothing is kept but the directory. Sizes: one entry is below 2 GiB, the file may be of any size (zip64).
 */
public final class TorchZipWriter implements Closeable {

    private static final int ALIGNMENT = 64;
    private static final int LOCAL_HEADER = 30;
    private static final int CENTRAL_HEADER = 46;
    private static final int EXTRA_HEADER = 4;
    private static final int ZIP64_EXTRA = 12;
    private static final short VERSION_NEEDED = 45; // the first with zip64
    private static final short UTF8_NAMES = 0x0800;
    private static final short DOS_DATE_1980 = 0x0021;
    private static final short PADDING_ID = 0x4246; // "FB", the mark that torch's own writer uses
    private static final long UINT32_MAX = 0xffff_ffffL;

    private record Entry(byte[] name, int size, int crc, long offset) {}

    private final WritableByteChannel out;
    private final String root;
    private final Set<String> names = new LinkedHashSet<>();
    private final List<Entry> entries = new ArrayList<>();
    private long position;
    private boolean closed;

    /**
     * Starts an archive.
     *
     * @param out  where it goes; closed with this writer
     * @param root the folder that all entries lie in, without a slash
     */
    public TorchZipWriter(WritableByteChannel out, String root) {
        if (root.isEmpty() || root.indexOf('/') >= 0) {
            throw new IllegalArgumentException("The root folder of an archive is one plain name, not '" + root + "'");
        }
        this.out = out;
        this.root = root;
    }

    public TorchZipWriter(OutputStream out, String root) {
        this(Channels.newChannel(out), root);
    }

    /** Adds a text entry, for example {@code version}. */
    public void entry(String name, String text) throws IOException {
        entry(name, text.getBytes(StandardCharsets.UTF_8));
    }

    public void entry(String name, byte[] content) throws IOException {
        entry(name, ByteBuffer.wrap(content));
    }

    /**
     * Adds an entry.
     *
     * @param name    path below the root folder
     * @param content the bytes from the buffer's position to its limit; the buffer itself is left as it is
     */
    public void entry(String name, ByteBuffer content) throws IOException {
        if (!names.add(name)) {
            throw new IllegalArgumentException("The archive already has an entry '" + name + "'");
        }
        CRC32 crc = new CRC32();
        crc.update(content.duplicate());
        Entry entry = new Entry((root + "/" + name).getBytes(StandardCharsets.UTF_8), content.remaining(), (int) crc.getValue(), position);
        entries.add(entry);
        localHeader(entry);
        write(content.duplicate());
    }

    /** Adds a pickled tree as {@code data.pkl} and its tensors as {@code data/0}, {@code data/1}, ..., loading one at a time. */
    public void tree(PickleWriter pickle) throws IOException {
        entry("data.pkl", pickle.bytes());
        int index = 0;
        for (TensorSource tensor : pickle.tensors()) {
            entry("data/" + index++, tensor.load().data());
        }
    }

    /** Writes the directory and closes the channel. An archive that was not closed is not readable. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (out) {
            long directory = position;
            for (Entry entry : entries) {
                centralHeader(entry);
            }
            end(directory, position - directory);
        }
    }

    private void localHeader(Entry entry) throws IOException {
        long unpadded = position + LOCAL_HEADER + entry.name.length + EXTRA_HEADER;
        int padding = (int) (-unpadded & (ALIGNMENT - 1));
        ByteBuffer header = buffer(LOCAL_HEADER + entry.name.length + EXTRA_HEADER + padding);
        header.putInt(0x04034b50);
        common(header, entry);
        header.putShort((short) (EXTRA_HEADER + padding)).put(entry.name).putShort(PADDING_ID).putShort((short) padding);
        header.position(header.limit());
        write(header.flip());
    }

    private void centralHeader(Entry entry) throws IOException {
        boolean zip64 = entry.offset >= UINT32_MAX;
        ByteBuffer header = buffer(CENTRAL_HEADER + entry.name.length + (zip64 ? ZIP64_EXTRA : 0));
        header.putInt(0x02014b50).putShort(VERSION_NEEDED);
        common(header, entry);
        header.putShort((short) (zip64 ? ZIP64_EXTRA : 0));
        header.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0); // comment, disk, attributes
        header.putInt((int) Math.min(entry.offset, UINT32_MAX)).put(entry.name);
        if (zip64) {
            header.putShort((short) 1).putShort((short) 8).putLong(entry.offset);
        }
        write(header.flip());
    }

    /** The fields that both kinds of header share, from the version needed up to the length of the name. */
    private static void common(ByteBuffer header, Entry entry) {
        header.putShort(VERSION_NEEDED).putShort(UTF8_NAMES).putShort((short) 0); // method 0: stored
        header.putShort((short) 0).putShort(DOS_DATE_1980); // no clock time: equal input, equal bytes
        header.putInt(entry.crc).putInt(entry.size).putInt(entry.size).putShort((short) entry.name.length);
    }

    /** The zip64 end record, its locator and the classic end record; always all three, as torch does. */
    private void end(long directory, long directorySize) throws IOException {
        long end64 = position;
        ByteBuffer end = buffer(56 + 20 + 22);
        end.putInt(0x06064b50).putLong(44).putShort(VERSION_NEEDED).putShort(VERSION_NEEDED).putInt(0).putInt(0);
        end.putLong(entries.size()).putLong(entries.size()).putLong(directorySize).putLong(directory);
        end.putInt(0x07064b50).putInt(0).putLong(end64).putInt(1);
        short count = (short) Math.min(entries.size(), 0xffff);
        end.putInt(0x06054b50).putShort((short) 0).putShort((short) 0).putShort(count).putShort(count);
        end.putInt((int) Math.min(directorySize, UINT32_MAX)).putInt((int) Math.min(directory, UINT32_MAX)).putShort((short) 0);
        write(end.flip());
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void write(ByteBuffer bytes) throws IOException {
        position += bytes.remaining();
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
