package ai.modx.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tries inputs on a reader. Each must end soon, in a value or in the one exception that its user understands, and without
 * allocating much more than the input has. The input that is being tried is a file, so that it outlives a crash of the process.
 */
public final class Fuzzer implements AutoCloseable {

    /** {@code -Dfuzz.inputs}: how many inputs of each reader are tried; few, unless one wants to know. */
    public static final int INPUTS = Integer.getInteger("fuzz.inputs", 100);
    /** {@code -Dfuzz.seed}: other seeds give other inputs. */
    public static final long SEED = Long.getLong("fuzz.seed", 1);

    private static final long MAX_CPU_NANOS = 5_000_000_000L;
    /** Wall time; many times the above, since other processes may keep this one waiting. */
    private static final long HANGS_AFTER_NANOS = 60_000_000_000L;
    /** In all, not at one time; the most expensive bytes are the ampersands of captions, after each of which 32 names are looked up. */
    private static final long MAX_ALLOCATED = 128L << 20;
    private static final long MAX_ALLOCATED_PER_BYTE = 8 << 10;
    /** Whatever the input. */
    private static final long MOST_ALLOCATED = 1L << 30;
    private static final int MAX_MESSAGE = 5000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final FuzzTarget target;
    private final Path file;
    private Tally tally = Tally.NONE; // of the thread below
    private volatile long started;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread worker = new Thread(task, "fuzzed reader");
        worker.setDaemon(true); // one that hangs must not keep the process
        return worker;
    });

    /** @param folder for the input that is being tried */
    public Fuzzer(FuzzTarget target, Path folder) throws IOException {
        this.target = target;
        this.file = Files.createDirectories(folder).resolve(target.name().replace(' ', '_') + ".input");
    }

    /**
     * Tries a number of inputs; equal arguments give equal inputs.
     *
     * @return what became of them
     * @throws AssertionError if one was not answered as it should be; it is kept in the folder
     */
    public Tally run(int inputs, long seed) {
        return watched(() -> {
            tally = Tally.NONE;
            for (int i = 0; i < inputs; i++) {
                Random random = new Random(seed << 32 | i);
                tryOut(target.mutator().mutate(target.seeds(), random));
            }
            return tally;
        });
    }

    /** Whether an input is read without complaint. */
    public boolean accepts(byte[] input) {
        return watched(() -> tryOut(input));
    }

    /** In the thread that may hang, which a waiting one watches. */
    private <T> T watched(Callable<T> work) {
        started = System.nanoTime();
        Future<T> result = thread.submit(work);
        while (true) {
            try {
                return result.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                check(System.nanoTime() - started < HANGS_AFTER_NANOS, "hangs");
            } catch (ExecutionException e) {
                throw new AssertionError(describe(e.getCause().toString()), e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    /** {@link #accepts} in the calling thread. */
    boolean tryOut(byte[] input) throws IOException {
        started = System.nanoTime();
        Files.write(file, target.framing().file(input));
        Optional<String> refusal = measured();
        refusal.ifPresent(this::checkLegible);
        return refusal.isEmpty();
    }

    private Optional<String> measured() throws IOException {
        long cpu = THREADS.getCurrentThreadCpuTime();
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        Optional<String> refusal = read();
        cpu = THREADS.getCurrentThreadCpuTime() - cpu;
        allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        check(cpu <= MAX_CPU_NANOS, "takes too long");
        check(allocated <= Math.min(MOST_ALLOCATED, MAX_ALLOCATED + MAX_ALLOCATED_PER_BYTE * Files.size(file)), "allocates too much");
        tally = tally.with(refusal.isEmpty(), cpu, allocated);
        return refusal;
    }

    private Optional<String> read() throws IOException {
        try {
            target.reader().read(file);
            return Optional.empty();
        } catch (RuntimeException e) {
            if (!target.refusal().isInstance(e)) {
                throw e;
            }
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void checkLegible(String message) {
        check(message.contains(file.toString()), "does not name the file: " + message);
        check(message.length() <= MAX_MESSAGE, "says too much: " + message.length() + " characters");
        check(message.chars().noneMatch(letter -> letter != '\n' && Character.isISOControl(letter)), "does not answer with plain text: " + Arrays.toString(message.getBytes()));
    }

    private void check(boolean condition, String problem) {
        if (!condition) {
            throw new AssertionError(describe(problem));
        }
    }

    private String describe(String problem) {
        return target.name() + ": " + file + " " + problem;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
