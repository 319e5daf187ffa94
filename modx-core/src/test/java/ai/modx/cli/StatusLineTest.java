package ai.modx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.data.Progress;
import ai.modx.data.ProgressLine;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class StatusLineTest {

    private static final Progress STEP = new Progress(List.of("epoch 1/2", "step 7/40", "loss 0.5000"));

    private final Screen screen = new Screen();

    @Test
    void theNewestTakesThePlaceOfTheOneBefore() {
        StatusLine line = new StatusLine(screen::print, () -> 80);
        line.show(STEP);
        assertThat(screen.lines()).containsExactly("epoch 1/2  step 7/40  loss 0.5000");
        line.show(new Progress(List.of("short")));
        assertThat(screen.lines()).containsExactly("short");
        line.show(Progress.NONE);
        assertThat(screen.lines()).containsExactly("");
    }

    @Test
    void onlyPartsThatFitAreShownAndTheLastColumnStaysEmpty() {
        assertThat(at(34)).isEqualTo("epoch 1/2  step 7/40  loss 0.5000");
        assertThat(at(33)).isEqualTo("epoch 1/2  step 7/40");
        assertThat(at(21)).isEqualTo("epoch 1/2  step 7/40");
        assertThat(at(20)).isEqualTo("epoch 1/2");
        assertThat(at(6)).isEqualTo("epoch");
        assertThat(at(1)).isEmpty();
    }

    private String at(int columns) {
        new StatusLine(screen::print, () -> columns).show(STEP);
        return screen.lines().get(0);
    }

    @Test
    void withoutATerminalNothingIsWritten() {
        StatusLine line = new StatusLine(screen::print, () -> ErrorTerminal.NONE);
        line.show(STEP);
        line.below(() -> screen.print("a line\n"));
        line.show(Progress.NONE);
        assertThat(screen.written()).isEqualTo("a line\n");
    }

    @Test
    void linesOfTheLogStayWholeAboveIt() {
        Logger log = log(80);
        log.info("before");
        log.info("{}", STEP);
        log.warn("bad {}", "image");
        log.info("two\nlines");
        assertThat(screen.lines()).containsExactly("before", "bad image", "two", "lines", "epoch 1/2  step 7/40  loss 0.5000");
        log.info("{}", Progress.NONE);
        log.info("after");
        assertThat(screen.lines()).containsExactly("before", "bad image", "two", "lines", "after", "");
        assertThat(screen.written()).as("colours").doesNotContainPattern("\033\\[[0-9;]*m");
    }

    @Test
    void aLogFileHasPlainLinesOnly() {
        Logger log = log(ErrorTerminal.NONE);
        log.info("{}", STEP);
        log.info("Saved {}", "checkpoint");
        log.info("{}", Progress.NONE);
        assertThat(screen.written()).isEqualTo("Saved checkpoint\n");
    }

    @Test
    void aTerminalThatKnowsNoCodesIsDumb() {
        assertThat(List.of("dumb", "")).allMatch(ErrorTerminal::dumb);
        assertThat(ErrorTerminal.dumb(null)).isTrue();
        assertThat(List.of("xterm-256color", "screen", "linux")).noneMatch(ErrorTerminal::dumb);
    }

    @Test
    void theProgramsOwnLogGoesThroughIt() throws JoranException {
        LoggerContext context = new LoggerContext();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(getClass().getResource("/logback.xml"));
        assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("STDERR")).isInstanceOf(ProgressAppender.class);
        assertThat(context.getLogger(ProgressLine.class).isInfoEnabled()).isTrue();
        context.getLogger("ai.modx").setLevel(Level.WARN); // as -q does
        assertThat(context.getLogger(ProgressLine.class).isInfoEnabled()).isFalse();
    }

    /** A logger that writes to the screen as the program's does to stderr. */
    private Logger log(int columns) {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%msg%n");
        encoder.start();
        ProgressAppender appender = new ProgressAppender(new StatusLine(screen::print, () -> columns));
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        appender.setOutputStream(screen);
        ch.qos.logback.classic.Logger log = context.getLogger("test");
        log.addAppender(appender);
        return log;
    }

    /** What a terminal shows of what is written to it. */
    private static final class Screen extends OutputStream {

        private final StringBuilder written = new StringBuilder();

        void print(String text) {
            written.append(text);
        }

        @Override
        public void write(int letter) {
            written.append((char) letter);
        }

        @Override
        public void write(byte[] bytes, int from, int count) {
            print(new String(bytes, from, count, StandardCharsets.UTF_8));
        }

        String written() {
            return written.toString();
        }

        List<String> lines() {
            StringBuilder shown = new StringBuilder();
            int begin = 0;
            int cursor = 0;
            for (int i = 0; i < written.length(); i++) {
                char next = written.charAt(i);
                if (next == '\r') {
                    cursor = begin;
                } else if (next == '\n') {
                    shown.append('\n');
                    begin = shown.length();
                    cursor = begin;
                } else if (written.indexOf("\033[K", i) == i) {
                    shown.setLength(cursor);
                    i += 2;
                } else {
                    shown.replace(cursor, Math.min(cursor + 1, shown.length()), String.valueOf(next));
                    cursor++;
                }
            }
            return List.of(shown.toString().split("\n", -1));
        }
    }
}
