package ai.modx.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PeakMemoryTest {

    @Test
    void remembersTheMostItSawAndLooksOnceASecond() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 500_000_000L); // the clock may overflow
        Queue<Long> taken = new ArrayDeque<>(List.of(3L, 5L, 4L));
        PeakMemory memory = new PeakMemory(() -> OptionalLong.of(taken.remove()), nanos::get);
        assertThat(memory.bytes()).hasValue(3);
        nanos.addAndGet(999_000_000L);
        assertThat(memory.bytes()).hasValue(3);
        nanos.addAndGet(1_000_000L);
        assertThat(memory.bytes()).hasValue(5);
        nanos.addAndGet(2_000_000_000L);
        assertThat(memory.bytes()).hasValue(5);
        assertThat(taken).isEmpty();
    }

    @Test
    void saysNothingWhereTheSystemDoesNotTell() {
        assertThat(new PeakMemory(OptionalLong::empty, System::nanoTime).bytes()).isEmpty();
    }
}
