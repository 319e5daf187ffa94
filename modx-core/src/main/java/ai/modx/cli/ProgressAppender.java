package ai.modx.cli;

import ai.modx.data.Progress;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;

/** Writes the log, and below it, on a terminal, how far things are. Named in logback.xml. */
public final class ProgressAppender extends ConsoleAppender<ILoggingEvent> {

    private final StatusLine status;

    public ProgressAppender() {
        this(new StatusLine(text -> System.err.print(text), new ErrorTerminal()));
    }

    ProgressAppender(StatusLine status) {
        this.status = status;
    }

    @Override
    protected synchronized void append(ILoggingEvent event) {
        Object[] arguments = event.getArgumentArray();
        if (arguments != null && arguments.length == 1 && arguments[0] instanceof Progress progress) {
            status.show(progress);
        } else {
            status.below(() -> super.append(event));
        }
    }
}
