package ai.modx.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file so that its name never stands for half a file: the content goes into a file beside it, which is forced to
 * the disk and then renamed. Whatever happens before the rename, the earlier file of that name stays as it was.
 */
public final class AtomicFile {

    /** What a file under construction is called: a hidden name, always the same, so that a retry replaces what a crash left. */
    private static final String PREFIX = ".";
    private static final String SUFFIX = ".part";

    /** Writes the content. */
    @FunctionalInterface
    public interface Content {
        void writeTo(FileChannel out) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Writes a file, or replaces it. A symbolic link stays a link; the file that it points to is replaced.
     *
     * @throws SaveException if the file cannot be written; its earlier content is then intact and nothing is left beside it
     */
    public static void write(Path file, Content content) {
        Path aside = null;
        try {
            Path target = target(file);
            if (Files.exists(target) && !Files.isRegularFile(target) && !Files.isDirectory(target)) {
                throw new IOException("it is a device or a pipe; name a file"); // which the rename would put a file in place of
            }
            aside = aside(target);
            try (FileChannel out = FileChannel.open(aside,
                    StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                content.writeTo(out);
                out.force(true);
            }
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
            aside = null;
            force(target.getParent());
        } catch (IOException e) {
            throw new SaveException("Cannot write " + file + ": " + SaveException.cause(e, aside == null ? file : aside)
                    + ". What was there before is unchanged", e);
        } finally {
            discard(aside);
        }
    }

    /**
     * Writes a file of bytes that are in memory, or replaces it.
     *
     * @throws SaveException as {@link #write(Path, Content)}
     */
    public static void write(Path file, byte[] content) {
        write(file, out -> {
            for (ByteBuffer bytes = ByteBuffer.wrap(content); bytes.hasRemaining();) {
                out.write(bytes); // a disk that is nearly full takes a part of them
            }
        });
    }

    /** Whether this is the name of a file under construction, which only a killed process leaves behind. */
    public static boolean isUnfinished(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
    }

    private static Path aside(Path target) {
        return target.resolveSibling(PREFIX + target.getFileName() + SUFFIX);
    }

    /** Where the bytes go: links are followed, also one to a file that does not exist yet. */
    private static Path target(Path file) throws IOException {
        Path target = file.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(target); links++) {
            if (links == 40) {
                throw new IOException("its symbolic links lead in a circle");
            }
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        if (Files.isDirectory(target)) {
            throw new IOException("it is a folder");
        }
        return target;
    }

    private static void force(Path folder) throws IOException {
        if (System.getProperty("os.name").startsWith("Windows")) {
            return; // folders cannot be opened there; NTFS journals the rename by itself
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void discard(Path aside) {
        if (aside != null) {
            try {
                Files.deleteIfExists(aside);
            } catch (IOException e) {
                // The disk that just failed may refuse this too; the name tells that the file is unfinished.
            }
        }
    }
}
