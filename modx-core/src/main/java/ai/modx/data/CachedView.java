package ai.modx.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A view whose images are kept in a file, one slot each: a key that is a digest of view, file name, size and time of the image, a
 * checksum, and the [S, S, 3] bytes. A slot counts only if key and checksum agree with the bytes, which are checked after they
 * were read. So it does not matter what was cut off in the middle, nor how many processes read and write at the same time (all of
 * them write the same), nor what else may have come into the file: an image is then decoded again.
 *
 * <p>The file is read and written by position, not mapped: a full disk is then an exception and not the end of the process. The
 * cache is an optimisation; if it cannot be used, that is said once, and the run goes on.
 */
final class CachedView implements ImageView {

    private static final Logger LOG = LoggerFactory.getLogger(CachedView.class);

    /** To be raised when the same files and transforms give other bytes than before. */
    private static final String VERSION = "modx images 1";

    private static final int HEAD = Long.BYTES + Integer.BYTES;

    private final ImageView view;
    private final String fixed;
    private final Path cache;
    private final AtomicLongArray keys; // 0: not known yet
    private final AtomicBoolean usable = new AtomicBoolean(true);
    private final AtomicBoolean intact = new AtomicBoolean(true);

    /**
     * @param fixed the view's own
     * @param files all files that will be loaded, by index
     */
    CachedView(ImageView view, String fixed, List<Path> files, Path folder) {
        this.view = view;
        this.fixed = fixed;
        MessageDigest digest = digest();
        files.forEach(file -> digest.update(text(file.toAbsolutePath().toString())));
        this.cache = folder.resolve(HexFormat.of().formatHex(digest.digest(), 0, 12) + ".images");
        this.keys = new AtomicLongArray(files.size());
        LOG.debug("Decoded images are kept in {}, which takes up to {} MB", cache, slotBytes() * files.size() / 1_000_000);
    }

    @Override
    public int side() {
        return view.side();
    }

    @Override
    public Optional<String> fixed() {
        return Optional.empty(); // it is kept already
    }

    @Override
    public Loader open() {
        return new CachingLoader(view.open());
    }

    private int imageBytes() {
        return 3 * side() * side();
    }

    private long slotBytes() {
        return HEAD + imageBytes();
    }

    /** Tells an image's present state from all others; looked up once, so that a run sees each image as it first was. */
    private long key(Path file, int index) throws IOException {
        long key = keys.get(index);
        if (key == 0) {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            MessageDigest digest = digest();
            digest.update(text(file.toAbsolutePath().toString()));
            digest.update(text(attributes.size() + " " + attributes.lastModifiedTime()));
            key = ByteBuffer.wrap(digest.digest()).getLong() | 1; // never 0, which an empty slot has
            keys.set(index, key);
        }
        return key;
    }

    private MessageDigest digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(text(VERSION + " " + fixed));
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static byte[] text(String text) {
        return (text + '\n').getBytes(StandardCharsets.UTF_8);
    }

    private void giveUp(IOException reason) {
        if (usable.getAndSet(false)) {
            LOG.warn("The image cache {} cannot be used any more: {}. The run goes on without it, at the speed of decoding", cache, reason.toString());
        }
    }

    private final class CachingLoader implements Loader {

        private final Loader loader;
        private final ByteBuffer slot = ByteBuffer.allocateDirect(Math.toIntExact(slotBytes()));
        private Optional<FileChannel> channel = Optional.empty();

        CachingLoader(Loader loader) {
            this.loader = loader;
            if (usable.get()) {
                try {
                    Files.createDirectories(cache.getParent());
                    channel = Optional.of(FileChannel.open(cache, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
                } catch (IOException e) {
                    giveUp(e);
                }
            }
        }

        @Override
        public void load(Path file, int epoch, int index, ByteBuffer target, int offset) {
            if (channel.isEmpty() || !usable.get()) {
                loader.load(file, epoch, index, target, offset);
                return;
            }
            Optional<Long> key = find(file, index);
            if (key.isPresent() && read(index, key.get(), target, offset)) {
                return;
            }
            loader.load(file, epoch, index, target, offset);
            key.ifPresent(known -> write(index, known, target, offset));
        }

        /** Nothing if the file cannot even be looked at: loading will say why. */
        private Optional<Long> find(Path file, int index) {
            try {
                return Optional.of(key(file, index));
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        /** Whether the slot held the image, which the target then holds. */
        private boolean read(int index, long key, ByteBuffer target, int offset) {
            slot.clear();
            try {
                long position = index * slotBytes();
                while (slot.hasRemaining()) {
                    if (channel.get().read(slot, position + slot.position()) < 0) {
                        return false;
                    }
                }
            } catch (IOException e) {
                failed(e);
                return false;
            }
            if (slot.getLong(0) != key) {
                return false;
            }
            if (slot.getInt(Long.BYTES) != checksum()) {
                if (intact.getAndSet(false)) {
                    LOG.warn("The image cache {} is damaged in places; these images are decoded again", cache);
                }
                return false;
            }
            target.put(offset, slot, HEAD, imageBytes());
            return true;
        }

        private void write(int index, long key, ByteBuffer target, int offset) {
            slot.clear();
            slot.putLong(0, key);
            slot.put(HEAD, target, offset, imageBytes());
            slot.putInt(Long.BYTES, checksum());
            try {
                long position = index * slotBytes();
                while (slot.hasRemaining()) {
                    channel.get().write(slot, position + slot.position());
                }
            } catch (IOException e) {
                failed(e);
            }
        }

        /** Of key and image in the slot's buffer. */
        private int checksum() {
            CRC32C sum = new CRC32C();
            sum.update(slot.slice(0, Long.BYTES));
            sum.update(slot.slice(HEAD, imageBytes()));
            return (int) sum.getValue();
        }

        private void failed(IOException reason) {
            if (reason instanceof ClosedByInterruptException || reason instanceof ClosedChannelException) {
                channel = Optional.empty(); // this thread is being ended; the file is all right
            } else {
                giveUp(reason);
            }
        }

        @Override
        public void close() {
            loader.close();
            try {
                if (channel.isPresent()) {
                    channel.get().close();
                }
            } catch (IOException e) {
                giveUp(e);
            }
        }
    }
}
