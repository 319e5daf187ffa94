package ai.modx.data;

import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the items of work that may take long, by any number of threads: for those who watch, and with a line of the log every minute. */
public final class LongPass implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LongPass.class);

    private static final long LINE_NANOS = 60_000_000_000L;

    private final ProgressLine line = new ProgressLine();
    private final String what;
    private final int total;
    private final LongSupplier clock;
    private final long start;
    private long lastLine;
    private int done;

    /**
     * @param what  is done, such as {@code Encoding images}
     * @param total number of items
     */
    public LongPass(String what, int total) {
        this(what, total, System::nanoTime);
    }

    LongPass(String what, int total, LongSupplier clock) {
        this.what = what;
        this.total = total;
        this.clock = clock;
        start = clock.getAsLong();
        lastLine = start;
    }

    /** @param items that are done now */
    public synchronized void advance(int items) {
        done += items;
        line.show(this::progress);
        if (clock.getAsLong() - lastLine >= LINE_NANOS) {
            lastLine = clock.getAsLong();
            LOG.info(String.join(", ", progress().parts()));
        }
    }

    Progress progress() {
        double perSecond = done / Math.max((clock.getAsLong() - start) * 1e-9, 1e-9);
        return new Progress(List.of(
                String.format(Locale.ROOT, "%s: %,d of %,d", what, done, total),
                String.format(Locale.ROOT, "%d %%", 100L * done / total),
                Progress.duration((total - done) / perSecond) + " left",
                String.format(Locale.ROOT, "%.1f/s", perSecond)));
    }

    @Override
    public void close() {
        line.close();
    }
}
