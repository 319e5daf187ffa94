package ai.modx.data;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LongPassTest {

    private static final long SECOND = 1_000_000_000;

    private final Logger log = (Logger) LoggerFactory.getLogger("ai.modx.data");
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private long now;

    @BeforeEach
    void listen() {
        said.start();
        log.setLevel(Level.INFO);
        log.addAppender(said);
    }

    @AfterEach
    void leave() {
        log.detachAppender(said);
        log.setLevel(null);
    }

    @Test
    void saysHowManyItemsAreDoneAndHowLongTheRestTakes() {
        try (LongPass pass = new LongPass("Encoding images", 5_000, () -> now)) {
            now = 10 * SECOND;
            pass.advance(1_000);
            pass.advance(250);
            assertThat(pass.progress().parts()).containsExactly("Encoding images: 1,250 of 5,000", "25 %", "30 s left", "125.0/s");
        }
    }

    @Test
    void theLogHasALineAMinute() {
        try (LongPass pass = new LongPass("Encoding images", 1_000, () -> now)) {
            for (int i = 0; i < 13; i++) {
                now += 10 * SECOND;
                pass.advance(10);
            }
        }
        assertThat(said.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly(
                "Encoding images: 60 of 1,000, 6 %, 15 min 40 s left, 1.0/s", "Encoding images: 120 of 1,000, 12 %, 14 min 40 s left, 1.0/s");
    }

    @Test
    void whatLastsIsShownAndTakenAway() throws InterruptedException {
        try (ProgressLine line = new ProgressLine()) {
            line.show(() -> new Progress(List.of("too early")));
            Thread.sleep(150);
            line.show(() -> new Progress(List.of("shown")));
            line.show(() -> new Progress(List.of("too soon after")));
        }
        assertThat(said.list).extracting(event -> event.getArgumentArray()[0]).containsExactly(new Progress(List.of("shown")), Progress.NONE);
    }

    @Test
    void timesAreWhatAPersonReads() {
        assertThat(List.of(0.4, 59.4, 60.0, 3599.0, 3600.0, 7384.0)).extracting(Progress::duration)
                .containsExactly("0 s", "59 s", "1 min 0 s", "59 min 59 s", "1 h 0 min", "2 h 3 min");
    }
}
