package ai.modx.cli;

import ai.modx.data.StopRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Turns signals into a wish to stop: the running step is finished and saved, then the command ends with 143 for SIGTERM, 130
 * for SIGINT, 129 for SIGHUP, which a terminal sends when it is closed (and {@code nohup} keeps away, also from here), and 0 for
 * SIGUSR1, by which Slurm announces the end of a job's time. A second signal, not in the same
 * moment, ends the process at once; files are written aside and renamed, so none is left by halves.
 */
final class StopSignals implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);

    /** Service managers and schedulers signal a script and what it runs, and the script passes the signal on: one wish, not two. */
    private static final long SAME_MOMENT_NANOS = 1_000_000_000;

    private final Map<Signal, SignalHandler> before = new LinkedHashMap<>();
    private final StopRequest request;
    private long firstNanos;

    StopSignals(StopRequest request) {
        this.request = request;
        listen("TERM", ExitCode.TERMINATED);
        listen("INT", ExitCode.INTERRUPTED);
        listen("HUP", ExitCode.HUNG_UP);
        listen("USR1", ExitCode.DONE);
    }

    private void listen(String name, int exitCode) {
        try {
            Signal signal = new Signal(name);
            before.put(signal, Signal.handle(signal, received -> stop(received, exitCode)));
        } catch (IllegalArgumentException e) {
            LOG.debug("This system or Java has no SIG{} for us: {}", name, e.getMessage());
        }
    }

    private synchronized void stop(Signal signal, int exitCode) {
        if (request.isAsked()) {
            if (System.nanoTime() - firstNanos > SAME_MOMENT_NANOS) {
                Runtime.getRuntime().halt(exitCode);
            }
            return;
        }
        firstNanos = System.nanoTime();
        LOG.warn("SIG{}: finishing the step and saving; once more to stop at once", signal.getName());
        request.ask(exitCode);
    }

    @Override
    public void close() {
        before.forEach(Signal::handle);
    }
}
