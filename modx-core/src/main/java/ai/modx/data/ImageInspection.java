package ai.modx.data;

import ai.modx.data.image.ImageGlance;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Looks at many image files at the same time. What is wrong comes by the file's number in the list. */
public final class ImageInspection {

    /** A glance waits for the disk or the network, not for the processor. */
    private static final int GLANCING_THREADS = 16;

    private ImageInspection() {}

    /** What first and last bytes tell, see {@link ImageGlance}. */
    public static SortedMap<Integer, BadImageException> glance(List<Path> files) {
        return inspect("Looking at images", files, GLANCING_THREADS, ImageGlance::new, ImageGlance::inspect, ImageGlance::close);
    }

    /** Everything: each image is loaded as it is for training. */
    public static SortedMap<Integer, BadImageException> load(List<Path> files, ImageView view, int threads) {
        int bytes = 3 * view.side() * view.side();
        return inspect("Loading images", files, threads, view::open, (loader, file) -> loader.load(file, 0, 0, ByteBuffer.allocate(bytes), 0), ImageView.Loader::close);
    }

    /** Images that load, but not as they look, see {@link ImageGlance#requireFullRange}. */
    static SortedMap<Integer, BadImageException> clipped(List<Path> files) {
        return inspect("Looking at images", files, GLANCING_THREADS, ImageGlance::new, (glance, file) -> glance.requireFullRange(file), ImageGlance::close);
    }

    /**
     * @param what  is done, for whoever watches
     * @param open  makes what one thread looks with
     * @param look  throws BadImageException
     * @param close ends it
     */
    private static <T> SortedMap<Integer, BadImageException> inspect(String what, List<Path> files, int threads, Supplier<T> open,
            BiConsumer<T, Path> look, Consumer<T> close) {
        SortedMap<Integer, BadImageException> bad = new ConcurrentSkipListMap<>();
        AtomicInteger next = new AtomicInteger();
        LongPass pass = new LongPass(what, files.size());
        Runnable inspecting = () -> {
            T inspector = open.get();
            try {
                for (int i = next.getAndIncrement(); i < files.size(); i = next.getAndIncrement()) {
                    try {
                        look.accept(inspector, files.get(i));
                    } catch (BadImageException e) {
                        bad.put(i, e);
                    }
                    pass.advance(1);
                }
            } finally {
                close.accept(inspector);
            }
        };
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (pass) {
            CompletableFuture.allOf(IntStream.range(0, threads).mapToObj(thread -> CompletableFuture.runAsync(inspecting, pool))
                    .toArray(CompletableFuture[]::new)).join();
        } finally {
            pool.shutdownNow();
        }
        return bad;
    }
}
