package ai.modx.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.modx.config.ConfigException;
import ai.modx.torch.HostMemory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Order, equality, failures, closing and memory of the loader, on samples that are made up. */
@Timeout(20)
class BatchLoaderTest {

    private static final int SIDE = 2;
    private static final int CONTEXT = 3;

    private final AtomicInteger openReaders = new AtomicInteger();
    private int side = SIDE;

    /** What a test does when a sample is read. */
    interface OnRead {
        void run(int epoch, int index) throws InterruptedException;
    }

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(openReaders).hasValue(0);
        assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("data-worker-"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void batchesAreInOrderAndTheSameForAnyNumberOfWorkers(int workers) {
        Random random = new Random(3);
        OnRead jitter = (epoch, index) -> Thread.sleep(random.nextInt(3));
        try (BatchLoader loader = loader(jitter, requests(20, 7), workers, 2)) {
            for (int number = 0; number < 20; number++) {
                assertThat(loader.hasNext()).isTrue();
                try (Batch batch = loader.next()) {
                    assertIsRequest(batch, number, 7);
                }
            }
            assertThat(loader.hasNext()).isFalse();
            assertThatThrownBy(loader::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void batchesMayDifferInSize() {
        List<BatchRequest> requests = List.of(new BatchRequest(0, new int[] {1}), new BatchRequest(0, new int[] {1, 2, 3}),
                new BatchRequest(1, new int[] {5, 4}));
        try (BatchLoader loader = loader((epoch, index) -> {}, requests.iterator(), 2, 1)) {
            for (BatchRequest request : requests) {
                try (Batch batch = loader.next()) {
                    assertThat(batch.images().isDirect()).isTrue();
                    assertThat(batch.images().remaining()).isEqualTo(request.size() * SIDE * SIDE * 3);
                    assertRows(batch, request);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void neverMoreBuffersThanPrefetchPlusOne(int workers) {
        try (BatchLoader loader = loader((epoch, index) -> {}, requests(30, 2), workers, 3)) {
            while (loader.hasNext()) {
                loader.next().close();
                assertThat(loader.buffersAlive()).isLessThanOrEqualTo(4);
            }
        }
    }

    @Test
    void aBufferIsNotRefilledBeforeItsBatchIsClosed() {
        try (BatchLoader loader = loader((epoch, index) -> {}, requests(9, 2), 4, 2)) {
            try (Batch held = loader.next()) {
                loader.next().close();
                loader.next().close();
                loader.next().close();
                assertIsRequest(held, 0, 2);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void freesItsMemoryWhetherBatchesWereTakenInTheMakingOrLost(int workers) {
        AtomicInteger blocks = new AtomicInteger();
        HostMemory counted = bytes -> {
            blocks.incrementAndGet();
            return new HostMemory.Block(ByteBuffer.allocateDirect(bytes), blocks::decrementAndGet);
        };
        BatchLoader loader = new BatchLoader(new Numbers((epoch, index) -> {}), requests(9, 2), workers, 2, counted);
        Batch held = loader.next();
        loader.next().close();
        assertThat(blocks).hasPositiveValue();
        loader.close();
        assertThat(blocks).as("the batch that is still held").hasValue(1);
        held.close();
        assertThat(blocks).hasValue(0);

        Numbers unreadable = new Numbers((epoch, index) -> {
            throw new DataException("unreadable");
        });
        try (BatchLoader failing = new BatchLoader(unreadable, requests(9, 2), workers, 2, counted)) {
            assertThatThrownBy(failing::next).isInstanceOf(DataException.class);
        }
        assertThat(blocks).hasValue(0);
    }

    @Test
    void whoeverClosesReturnsWhenNothingIsWrittenAnyMore() throws InterruptedException {
        AtomicInteger reading = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(2);
        BatchLoader loader = loader((epoch, index) -> {
            reading.incrementAndGet();
            begun.countDown();
            long end = System.nanoTime() + 100_000_000;
            while (System.nanoTime() < end) {
                Thread.onSpinWait(); // a worker that is interrupted goes on, too
            }
            reading.decrementAndGet();
        }, requests(9, 2), 2, 2);
        begun.await();
        Thread first = new Thread(loader::close);
        first.start();
        loader.close();
        assertThat(reading).hasValue(0);
        first.join();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void holdingAllBuffersIsAnErrorNotADeadlock(int workers) {
        try (BatchLoader loader = loader((epoch, index) -> {}, requests(9, 2), workers, 1)) {
            loader.next();
            loader.next();
            assertThatThrownBy(loader::next).isInstanceOf(IllegalStateException.class)
                    .hasMessage("The caller holds all 2 image buffers; close a batch before taking another");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void aFailureReachesTheCallerAfterTheBatchesBeforeIt(int workers) {
        OnRead failing = (epoch, index) -> {
            if (index == 11 || index == 10) {
                Thread.sleep(index == 10 ? 30 : 0); // the later row fails first
                throw new DataException("Image " + index + ".jpg is empty");
            }
        };
        try (BatchLoader loader = loader(failing, requests(9, 4), workers, 3)) {
            loader.next().close();
            loader.next().close();
            assertThatThrownBy(loader::next).isInstanceOf(DataException.class).hasMessage("Image 10.jpg is empty");
            assertThat(loader.hasNext()).isFalse();
            assertThatThrownBy(loader::next).hasMessage("The batch loader is closed");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aBugInASampleIsNamedToo(int workers) {
        OnRead failing = (epoch, index) -> {
            throw new UnsupportedOperationException("no such thing");
        };
        try (BatchLoader loader = loader(failing, requests(1, 1), workers, 1)) {
            assertThatThrownBy(loader::next).isInstanceOf(IllegalStateException.class)
                    .hasMessage("Sample sample-0 could not be loaded: no such thing");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void anErrorStaysAnError(int workers) {
        OnRead failing = (epoch, index) -> {
            throw new OutOfMemoryError("pretended");
        };
        try (BatchLoader loader = loader(failing, requests(1, 1), workers, 1)) {
            assertThatThrownBy(loader::next).isInstanceOf(OutOfMemoryError.class);
        }
    }

    @Test
    void closingWhileWorkersAreBlockedEndsThem() throws InterruptedException {
        CountDownLatch reading = new CountDownLatch(3);
        OnRead blocked = (epoch, index) -> {
            reading.countDown();
            new CountDownLatch(1).await();
        };
        BatchLoader loader = loader(blocked, requests(9, 4), 3, 2);
        reading.await();
        loader.close();
        loader.close();
        assertThatThrownBy(loader::next).hasMessage("The batch loader is closed");
    }

    @Test
    void closingWakesACallerWhoWaits() throws InterruptedException {
        CountDownLatch reading = new CountDownLatch(1);
        OnRead blocked = (epoch, index) -> {
            reading.countDown();
            new CountDownLatch(1).await();
        };
        BatchLoader loader = loader(blocked, requests(9, 4), 1, 2);
        List<Throwable> seen = new ArrayList<>();
        Thread caller = new Thread(() -> {
            try {
                loader.next();
            } catch (IllegalStateException e) {
                seen.add(e);
            }
        });
        caller.start();
        reading.await();
        loader.close();
        caller.join();
        assertThat(seen).singleElement().extracting(Throwable::getMessage).isEqualTo("The batch loader is closed");
    }

    @Test
    void aTakenBatchOutlivesTheLoader() {
        Batch batch;
        try (BatchLoader loader = loader((epoch, index) -> {}, requests(3, 2), 2, 2)) {
            batch = loader.next();
        }
        assertIsRequest(batch, 0, 2);
        batch.close();
        batch.close();
        assertThatThrownBy(batch::images).isInstanceOf(IllegalStateException.class)
                .hasMessage("The batch is closed; its memory may already hold another one");
    }

    @Test
    void waitingIsMeasured() {
        try (BatchLoader loader = loader((epoch, index) -> Thread.sleep(20), requests(1, 2), 0, 1); Batch batch = loader.next()) {
            assertThat(batch.secondsWaited()).isBetween(0.04, 5.0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aBatchBeyondTwoGigabytesIsRefused(int workers) {
        Iterator<BatchRequest> huge = List.of(new BatchRequest(0, new int[3])).iterator();
        side = 20_000;
        assertThatThrownBy(() -> {
            try (BatchLoader loader = loader((epoch, index) -> {}, huge, workers, 1)) {
                loader.next();
            }
        }).isInstanceOf(ConfigException.class).hasMessage("A batch of 3 images of 20000 x 20000 pixels takes 3600000000 bytes;"
                + " at most 2147483647 fit. Use a smaller batch");
    }

    private BatchLoader loader(OnRead onRead, Iterator<BatchRequest> requests, int workers, int prefetch) {
        return new BatchLoader(new Numbers(onRead), requests, workers, prefetch);
    }

    private static Iterator<BatchRequest> requests(int count, int size) {
        return IntStream.range(0, count).mapToObj(number -> request(number, size)).iterator();
    }

    private static BatchRequest request(int number, int size) {
        return new BatchRequest(number / 5, IntStream.range(number * size, (number + 1) * size).toArray());
    }

    private static void assertIsRequest(Batch batch, int number, int size) {
        assertRows(batch, request(number, size));
    }

    private static void assertRows(Batch batch, BatchRequest request) {
        assertThat(batch.epoch()).isEqualTo(request.epoch());
        assertThat(batch.indices()).isEqualTo(request.indices());
        ByteBuffer images = batch.images();
        for (int row = 0; row < batch.size(); row++) {
            for (int i = 0; i < SIDE * SIDE * 3; i++) {
                assertThat(images.get()).isEqualTo((byte) (request.index(row) + i));
            }
            for (int i = 0; i < CONTEXT; i++) {
                assertThat(batch.tokens()[row * CONTEXT + i]).isEqualTo(1000 * request.epoch() + request.index(row) + i);
            }
        }
    }

    /** Samples whose contents are their epoch and index. */
    private final class Numbers implements Samples {

        private final OnRead onRead;

        Numbers(OnRead onRead) {
            this.onRead = onRead;
        }

        @Override
        public int size() {
            return Integer.MAX_VALUE;
        }

        @Override
        public int imageSide() {
            return side;
        }

        @Override
        public int contextLength() {
            return CONTEXT;
        }

        @Override
        public String name(int index) {
            return "sample-" + index;
        }

        @Override
        public Reader open() {
            openReaders.incrementAndGet();
            return new Reader() {
                @Override
                public Loaded read(int epoch, int index, ByteBuffer images, int[] tokens, int row) {
                    try {
                        onRead.run(epoch, index);
                    } catch (InterruptedException e) {
                        throw new DataException("interrupted"); // swallows the interrupt, as a careless reader would
                    }
                    int bytes = SIDE * SIDE * 3;
                    for (int i = 0; i < bytes; i++) {
                        images.put(row * bytes + i, (byte) (index + i));
                    }
                    for (int i = 0; i < CONTEXT; i++) {
                        tokens[row * CONTEXT + i] = 1000 * epoch + index + i;
                    }
                    return Loaded.asked(index);
                }

                @Override
                public void close() {
                    openReaders.decrementAndGet();
                }
            };
        }
    }
}
