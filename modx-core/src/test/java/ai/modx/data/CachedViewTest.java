package ai.modx.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.modx.Golden;
import ai.modx.data.image.ImageTransform;
import ai.modx.data.image.RandomResizedCrop;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kept images are those that decoding gives, whatever has happened to the file that keeps them. */
class CachedViewTest {

    private static final ImageTransform TRANSFORM = ImageTransform.clip(32);
    private static final int BYTES = TRANSFORM.imageBytes();

    @TempDir
    private Path folder;

    private final List<Path> files = new ArrayList<>();
    private final AtomicInteger decoded = new AtomicInteger();

    @BeforeEach
    void copyImages() throws IOException {
        for (String name : List.of("jpeg_420.jpg", "png_rgba.png", "jpeg_gray.jpg")) {
            files.add(Files.copy(Golden.path("preprocess/images/" + name), folder.resolve(name)));
        }
    }

    @Test
    void eachImageIsDecodedOnceByAllRuns() {
        List<ByteBuffer> plain = load(ImageView.of(TRANSFORM));
        assertThat(load(kept())).isEqualTo(plain);
        assertThat(load(kept())).isEqualTo(plain);
        assertThat(decoded).hasValue(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void batchesAreTheSameWithAnyNumberOfWorkers(int workers) {
        List<ByteBuffer> plain = load(ImageView.of(TRANSFORM));
        ImageSamples samples = ImageSamples.of(files, kept());
        for (int epoch = 0; epoch < 3; epoch++) {
            try (BatchLoader loader = new BatchLoader(samples, List.of(new BatchRequest(epoch, new int[] {2, 0, 1})).iterator(), workers, 1);
                    Batch batch = loader.next()) {
                assertThat(batch.images().slice(0, BYTES)).isEqualTo(plain.get(2));
                assertThat(batch.images().slice(BYTES, BYTES)).isEqualTo(plain.get(0));
                assertThat(batch.images().slice(2 * BYTES, BYTES)).isEqualTo(plain.get(1));
            }
        }
        assertThat(decoded).hasValue(3);
    }

    @Test
    void changedFileIsDecodedAgain() throws IOException {
        load(kept());
        FileTime before = Files.getLastModifiedTime(files.get(0));
        Files.copy(files.get(2), files.get(0), StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(files.get(0), FileTime.fromMillis(before.toMillis() + 5000));
        assertThat(load(kept())).isEqualTo(load(ImageView.of(TRANSFORM)));
        assertThat(decoded).hasValue(4);
    }

    @Test
    void otherFilesAndTransformsAreKeptApart() throws IOException {
        load(kept());
        new ImageCache(Optional.of(folder.resolve("cache"))).keep(ImageView.of(TRANSFORM), files.subList(0, 2)).open().close();
        new ImageCache(Optional.of(folder.resolve("cache"))).keep(ImageView.of(ImageTransform.clip(33)), files).open().close();
        new ImageCache(Optional.of(folder.resolve("cache"))).keep(ImageView.centred(TRANSFORM), files).open().close();
        assertThat(caches()).hasSize(4);
    }

    @Test
    void whatWasCutOffInTheMiddleOrDamagedIsDecodedAgain() throws IOException {
        List<ByteBuffer> plain = load(ImageView.of(TRANSFORM));
        load(kept());
        byte[] whole = Files.readAllBytes(caches().get(0));
        int slot = whole.length / 3;
        for (int at : IntStream.of(0, 7, 8, 11, 12, slot - 1, slot, slot + 3000, 3 * slot - 1).toArray()) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            Files.write(caches().get(0), damaged);
            decoded.set(0);
            assertThat(load(kept())).as("byte %d", at).isEqualTo(plain);
            assertThat(decoded).hasValue(1);
            assertThat(caches().get(0)).as("repaired").hasBinaryContent(whole);
        }
        for (int size : new int[] {0, 5, slot, slot + 20, 3 * slot - 1}) {
            try (RandomAccessFile file = new RandomAccessFile(caches().get(0).toFile(), "rw")) {
                file.setLength(size);
            }
            assertThat(load(kept())).as("%d bytes", size).isEqualTo(plain);
        }
        Files.write(caches().get(0), "something else altogether".repeat(1000).getBytes());
        assertThat(load(kept())).isEqualTo(plain);
    }

    @Test
    void badImagesAreNotKept() throws IOException {
        Path bad = files.get(1);
        byte[] good = Files.readAllBytes(bad);
        Files.write(bad, new byte[] {1, 2, 3});
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(DataException.class).isThrownBy(() -> load(kept())).withMessageContaining(bad.toString());
        }
        Files.write(bad, good);
        assertThat(load(kept())).isEqualTo(load(ImageView.of(TRANSFORM)));
        Files.delete(bad);
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> load(kept())).withMessageContaining("does not exist");
    }

    @Test
    void aRunGoesOnWithoutACacheThatCannotBeUsed() throws IOException {
        Files.write(folder.resolve("cache"), new byte[1]); // a file where the folder should be
        assertThat(load(kept())).isEqualTo(load(ImageView.of(TRANSFORM)));
        Path full = Path.of("/dev/full"); // a disk without room
        if (Files.exists(full)) {
            Files.delete(folder.resolve("cache"));
            load(kept());
            Path cache = caches().get(0);
            Files.delete(cache);
            Files.createSymbolicLink(cache, full);
            assertThat(load(kept())).isEqualTo(load(ImageView.of(TRANSFORM)));
        }
    }

    @Test
    void twoRunsShareOneFile() throws Exception {
        List<ByteBuffer> plain = load(ImageView.of(TRANSFORM));
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> runs = IntStream.range(0, 4).mapToObj(i -> new Thread(() -> {
            try {
                for (int round = 0; round < 30; round++) {
                    assertThat(load(kept())).isEqualTo(plain);
                    if (i == 0) {
                        Files.write(caches().get(0), new byte[round * 50]); // and a third party destroys it
                    }
                }
            } catch (Throwable e) {
                failures.add(e);
            }
        })).toList();
        runs.forEach(Thread::start);
        for (Thread run : runs) {
            run.join();
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void fileMayBeLargerThanTwoGigabytes() throws IOException {
        ImageTransform large = ImageTransform.clip(224);
        List<Path> many = Collections.nCopies(20_000, files.get(0));
        ImageView view = new ImageCache(Optional.of(folder.resolve("cache"))).keep(counting(ImageView.of(large)), many);
        for (int i = 0; i < 2; i++) {
            ByteBuffer target = ByteBuffer.allocateDirect(large.imageBytes());
            try (ImageView.Loader loader = view.open()) {
                loader.load(files.get(0), 0, 19_999, target, 0);
            }
        }
        assertThat(decoded).hasValue(1);
        assertThat(Files.size(caches().get(0))).isEqualTo(20_000L * (large.imageBytes() + 12));
    }

    @Test
    void randomCropsAreNotKept() {
        ImageView crops = ImageView.cropped(new RandomResizedCrop(32), 1);
        assertThat(new ImageCache(Optional.of(folder)).keep(crops, files)).isSameAs(crops);
    }

    private ImageView kept() {
        return new ImageCache(Optional.of(folder.resolve("cache"))).keep(counting(ImageView.of(TRANSFORM)), files);
    }

    private List<Path> caches() throws IOException {
        try (Stream<Path> listed = Files.list(folder.resolve("cache"))) {
            return listed.toList();
        }
    }

    /** The same view; counts what is decoded. */
    private ImageView counting(ImageView view) {
        return new ImageView() {
            @Override
            public int side() {
                return view.side();
            }

            @Override
            public Optional<String> fixed() {
                return view.fixed();
            }

            @Override
            public Loader open() {
                Loader loader = view.open();
                return new Loader() {
                    @Override
                    public void load(Path file, int epoch, int index, ByteBuffer target, int offset) {
                        loader.load(file, epoch, index, target, offset);
                        decoded.incrementAndGet();
                    }

                    @Override
                    public void close() {
                        loader.close();
                    }
                };
            }
        };
    }

    private List<ByteBuffer> load(ImageView view) {
        List<ByteBuffer> images = new ArrayList<>();
        try (ImageView.Loader loader = view.open()) {
            for (int i = 0; i < files.size(); i++) {
                ByteBuffer target = ByteBuffer.allocateDirect(BYTES + 3);
                loader.load(files.get(i), 0, i, target, 3);
                images.add(target.slice(3, BYTES));
            }
        }
        return images;
    }
}
