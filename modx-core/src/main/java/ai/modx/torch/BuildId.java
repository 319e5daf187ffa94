package ai.modx.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The number that a linker gives to each shared library for Linux that it makes: two files with the same one have the
 * same code at the same addresses.
 */
final class BuildId {

    private static final int ELF_64_LITTLE_ENDIAN = 0x464c457f;
    private static final int CLASS_AND_BYTE_ORDER = 0x0102;
    private static final int HEADER_SIZE = 64;
    private static final int NOTE_SEGMENT = 4;
    private static final int NOTE_OF_BUILD_ID = 3;
    /** Three lengths and the name of the note's owner, "GNU". */
    private static final int NOTE_HEADER_SIZE = 16;

    private static final int LENGTHS_SIZE = 12;
    private static final int LONGEST_SEGMENT = 4096;

    private BuildId() {}

    /** In hexadecimal digits; nothing if the file is no 64-bit ELF library or has none. */
    static Optional<String> of(Path library) {
        try (FileChannel file = FileChannel.open(library)) {
            ByteBuffer header = read(file, 0, HEADER_SIZE);
            if (header.remaining() < HEADER_SIZE
                    || header.getInt(0) != ELF_64_LITTLE_ENDIAN
                    || header.getShort(4) != CLASS_AND_BYTE_ORDER) {
                return Optional.empty();
            }
            int size = header.getShort(54);
            ByteBuffer segments = read(file, header.getLong(32), size * header.getShort(56));
            for (int at = 0; at + size <= segments.limit(); at += size) {
                if (segments.getInt(at) == NOTE_SEGMENT) {
                    Optional<String> id = in(read(file, segments.getLong(at + 8), (int)
                            Math.min(segments.getLong(at + 32), LONGEST_SEGMENT)));
                    if (id.isPresent()) {
                        return id;
                    }
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // whoever loads the library says why
        }
    }

    /** Among the notes of a segment, each with its lengths of name and content, its kind, both padded to four bytes. */
    private static Optional<String> in(ByteBuffer notes) {
        for (int at = 0; at + NOTE_HEADER_SIZE <= notes.limit(); ) {
            int content = at + LENGTHS_SIZE + padded(notes.getInt(at));
            int size = notes.getInt(at + 4);
            if (content < at || size < 0 || content + size > notes.limit()) {
                return Optional.empty();
            }
            if (notes.getInt(at + 8) == NOTE_OF_BUILD_ID) {
                byte[] id = new byte[size];
                notes.get(content, id);
                return Optional.of(HexFormat.of().formatHex(id));
            }
            at = content + padded(size);
        }
        return Optional.empty();
    }

    private static int padded(int size) {
        return (size + 3) & ~3;
    }

    private static ByteBuffer read(FileChannel file, long at, int size) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && file.read(bytes, at + bytes.position()) > 0) {
            continue;
        }
        return bytes.flip();
    }
}
