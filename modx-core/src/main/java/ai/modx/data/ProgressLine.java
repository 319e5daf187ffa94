package ai.modx.data;

import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Announces how far something is, not more often than a person reads, and not at all if it is over in a moment. */
public final class ProgressLine implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProgressLine.class);

    private static final long PAUSE_NANOS = 100_000_000;

    private long last = System.nanoTime();
    private boolean shown;

    /** @param progress asked only if it is time */
    public synchronized void show(Supplier<Progress> progress) {
        long now = System.nanoTime();
        if (now - last >= PAUSE_NANOS && LOG.isInfoEnabled()) {
            LOG.info("{}", progress.get());
            last = now;
            shown = true;
        }
    }

    @Override
    public synchronized void close() {
        if (shown) {
            LOG.info("{}", Progress.NONE);
        }
    }
}
