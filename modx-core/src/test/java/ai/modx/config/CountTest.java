package ai.modx.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountTest {

    @Test
    void oneIsSingular() {
        assertThat(Count.of(0, "step")).isEqualTo("0 steps");
        assertThat(Count.of(1, "step")).isEqualTo("1 step");
        assertThat(Count.of(2, "step")).isEqualTo("2 steps");
    }
}
