package ai.modx.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A torch archive: a zip of entries under one root folder, none compressed but the source code of TorchScript. The JDK's
 * reader does not tell where in the file an entry lies, which mapping needs, and accepts archives that contradict
 * themselves; this one refuses entries that overlap, escape, or are described differently in the directory and at their
 * place.
 */
final class ZipArchive {

    private static final int END_SIZE = 22;
    private static final int END64_SIZE = 56;
    private static final int LOCATOR_SIZE = 20;
    private static final int CENTRAL_SIZE = 46;
    private static final int LOCAL_SIZE = 30;
    private static final int MAX_COMMENT = 0xffff;
    private static final int MAX_DIRECTORY = 64 << 20; // some 500,000 entries
    private static final int ENCRYPTED = 1;
    private static final int SIZES_FOLLOW = 8;
    private static final long UINT32_MAX = 0xffff_ffffL;

    /** @param size bytes in the file; of a compressed entry, which is never read, after compression */
    private record Entry(String name, long size, int crc, int flags, short method, long headerOffset) {

        boolean compressed() {
            return method != 0 || (flags & ENCRYPTED) != 0;
        }
    }

    private record Directory(long offset, long size, long count) {}

    private final FileBytes file;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, Long> contentOffsets = new LinkedHashMap<>();
    private final String root;

    ZipArchive(FileBytes file) throws IOException {
        this.file = file;
        Directory directory = findDirectory();
        readDirectory(directory);
        if (entries.isEmpty()) {
            throw new FormatException("the zip archive is empty");
        }
        String first = entries.keySet().iterator().next();
        root = first.substring(0, first.indexOf('/') + 1);
        placeContents(directory.offset);
    }

    /** Whether there is such an entry. The name is given without the root folder. */
    boolean has(String name) {
        return entries.containsKey(root + name);
    }

    /**
     * The content of an entry.
     *
     * @throws FormatException if there is no such entry or its checksum is wrong
     */
    ByteBuffer content(String name) throws IOException {
        Entry entry = entries.get(root + name);
        if (entry == null) {
            throw new FormatException("the archive has no entry '" + root + name + "'");
        }
        if (entry.compressed()) {
            throw new FormatException("entry '" + entry.name + "' is compressed or encrypted; torch stores tensors as they are");
        }
        ByteBuffer content = file.part(contentOffsets.get(entry.name), entry.size, "entry '" + entry.name + "'");
        CRC32 crc = new CRC32();
        crc.update(content.duplicate());
        if ((int) crc.getValue() != entry.crc) {
            throw new FormatException("entry '" + entry.name + "' has a wrong checksum; the file is damaged");
        }
        return content;
    }

    private Directory findDirectory() throws IOException {
        long tailSize = Math.min(file.size(), END_SIZE + MAX_COMMENT);
        long tailOffset = file.size() - tailSize;
        ByteBuffer tail = file.part(tailOffset, tailSize, "the end of the zip archive");
        for (int at = (int) tailSize - END_SIZE; at >= 0; at--) {
            if (tail.getInt(at) == 0x06054b50 && at + END_SIZE + unsigned(tail.getShort(at + 20)) == tailSize) {
                Directory classic = new Directory(tail.getInt(at + 16) & UINT32_MAX, tail.getInt(at + 12) & UINT32_MAX,
                        unsigned(tail.getShort(at + 10)));
                return zip64Directory(tailOffset + at).orElse(classic);
            }
        }
        throw new FormatException("the zip archive has no directory at its end; the file is cut off or damaged");
    }

    private Optional<Directory> zip64Directory(long endOffset) throws IOException {
        if (endOffset < LOCATOR_SIZE) {
            return Optional.empty();
        }
        ByteBuffer locator = file.part(endOffset - LOCATOR_SIZE, LOCATOR_SIZE, "the zip64 locator");
        if (locator.getInt(0) != 0x07064b50) {
            return Optional.empty();
        }
        ByteBuffer end = file.part(locator.getLong(8), END64_SIZE, "the zip64 end record");
        if (end.getInt(0) != 0x06064b50) {
            throw new FormatException("the zip64 end record is not where its locator says; the file is damaged");
        }
        return Optional.of(new Directory(end.getLong(48), end.getLong(40), end.getLong(32)));
    }

    private void readDirectory(Directory directory) throws IOException {
        if (directory.size > MAX_DIRECTORY) {
            throw new FormatException("the zip directory has " + directory.size + " bytes; at most " + MAX_DIRECTORY + " are supported");
        }
        ByteBuffer in = file.part(directory.offset, directory.size, "the zip directory");
        for (long i = 0; i < directory.count; i++) {
            if (in.remaining() < CENTRAL_SIZE || in.getInt(in.position()) != 0x02014b50) {
                throw new FormatException("the zip directory ends after " + i + " of " + directory.count + " entries");
            }
            ByteBuffer header = in.slice(in.position(), in.remaining()).order(in.order());
            int nameLength = unsigned(header.getShort(28));
            int extraLength = unsigned(header.getShort(30));
            int length = CENTRAL_SIZE + nameLength + extraLength + unsigned(header.getShort(32));
            if (length > header.remaining()) {
                throw new FormatException("entry " + i + " of the zip directory is longer than the directory");
            }
            Entry entry = centralEntry(header, text(header, CENTRAL_SIZE, nameLength),
                    header.slice(CENTRAL_SIZE + nameLength, extraLength).order(in.order()));
            if (entries.put(entry.name, entry) != null) {
                throw new FormatException("entry '" + entry.name + "' occurs twice in the archive");
            }
            in.position(in.position() + length);
        }
        if (in.hasRemaining()) {
            throw new FormatException("the zip directory has more than the " + directory.count + " entries that it claims");
        }
    }

    private static Entry centralEntry(ByteBuffer header, String name, ByteBuffer extra) {
        checkName(name);
        int flags = unsigned(header.getShort(8));
        ByteBuffer large = zip64Extra(extra);
        long size = header.getInt(24) & UINT32_MAX;
        size = size == UINT32_MAX ? nextLong(large, name) : size;
        long stored = header.getInt(20) & UINT32_MAX;
        stored = stored == UINT32_MAX ? nextLong(large, name) : stored;
        long offset = header.getInt(42) & UINT32_MAX;
        offset = offset == UINT32_MAX ? nextLong(large, name) : offset;
        Entry entry = new Entry(name, stored, header.getInt(16), flags, header.getShort(10), offset);
        if ((size != stored && !entry.compressed()) || size < 0 || stored < 0 || offset < 0) {
            throw new FormatException("entry '" + name + "' contradicts itself: " + size + " bytes, stored in " + stored);
        }
        return entry;
    }

    private static void checkName(String name) {
        boolean escapes = name.startsWith("/") || name.contains("\\") || name.contains(":") || name.indexOf('\0') >= 0
                || ("/" + name + "/").contains("/../");
        if (escapes) {
            throw new FormatException("the archive has an entry that points outside of it: '" + name + "'");
        }
    }

    private static ByteBuffer zip64Extra(ByteBuffer extra) {
        while (extra.remaining() >= 4) {
            int id = unsigned(extra.getShort());
            int length = Math.min(unsigned(extra.getShort()), extra.remaining());
            if (id == 1) {
                return extra.slice(extra.position(), length).order(extra.order());
            }
            extra.position(extra.position() + length);
        }
        return ByteBuffer.allocate(0);
    }

    private static long nextLong(ByteBuffer large, String name) {
        if (large.remaining() < 8) {
            throw new FormatException("entry '" + name + "' lacks its zip64 size");
        }
        return large.getLong();
    }

    /** Finds where each content starts and checks that no two entries share a byte. */
    private void placeContents(long directoryOffset) throws IOException {
        List<Entry> inOrder = new ArrayList<>(entries.values());
        inOrder.sort(Comparator.comparingLong(Entry::headerOffset));
        long free = 0;
        for (Entry entry : inOrder) {
            if (entry.headerOffset < free) {
                throw new FormatException("entry '" + entry.name + "' overlaps the one before it");
            }
            long content = contentOffset(entry);
            free = content + entry.size;
            if (free > directoryOffset || free < content) {
                throw new FormatException("entry '" + entry.name + "' of " + entry.size + " bytes reaches into the zip directory");
            }
            contentOffsets.put(entry.name, content);
        }
    }

    private long contentOffset(Entry entry) throws IOException {
        ByteBuffer local = file.part(entry.headerOffset, LOCAL_SIZE, "the header of entry '" + entry.name + "'");
        int nameLength = unsigned(local.getShort(26));
        int extraLength = unsigned(local.getShort(28));
        String what = "the header of entry '" + entry.name + "'";
        ByteBuffer named = file.part(entry.headerOffset + LOCAL_SIZE, nameLength, what);
        ByteBuffer extra = file.part(entry.headerOffset + LOCAL_SIZE + nameLength, extraLength, what);
        boolean agrees = local.getInt(0) == 0x04034b50 && local.getShort(8) == entry.method && sizeAgrees(local, extra, entry)
                && text(named, 0, nameLength).equals(entry.name);
        if (!agrees) {
            throw new FormatException(what + " disagrees with the zip directory; the file is damaged");
        }
        return entry.headerOffset + LOCAL_SIZE + nameLength + extraLength;
    }

    /** The header at the content may leave its size to what follows the content, but must not tell another one. */
    private static boolean sizeAgrees(ByteBuffer local, ByteBuffer extra, Entry entry) {
        long size = local.getInt(18) & UINT32_MAX;
        ByteBuffer large = zip64Extra(extra);
        if (size == UINT32_MAX && large.remaining() >= 2 * Long.BYTES) {
            size = large.getLong(large.position() + Long.BYTES); // behind the size before compression
        }
        return size == entry.size || size == 0 && (entry.flags & SIZES_FOLLOW) != 0;
    }

    private static String text(ByteBuffer bytes, int offset, int length) {
        return StandardCharsets.UTF_8.decode(bytes.slice(offset, length)).toString();
    }

    private static int unsigned(short value) {
        return value & 0xffff;
    }
}
