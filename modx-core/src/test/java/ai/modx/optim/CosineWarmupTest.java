package ai.modx.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.modx.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CosineWarmupTest {

    static Iterable<JsonNode> schedules() {
        return Golden.json("tiny_vit/trace/trace.json").get("schedules");
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void followsTheOriginalsSchedule(JsonNode golden) {
        CosineWarmup schedule = CosineWarmup.over(golden.get("t_total").asLong(), 5e-4);
        assertThat(schedule.warmupSteps()).isEqualTo(golden.get("warmup").asLong());
        JsonNode rates = golden.get("lr_of_step");
        for (int step = 0; step < rates.size(); step++) {
            assertThat(schedule.rate(step)).as("step %d", step).isCloseTo(rates.get(step).asDouble(), within(1e-12));
        }
    }

    @Test
    void warmsUpFromZeroThenFallsToZero() {
        CosineWarmup schedule = CosineWarmup.over(100, 1);
        assertThat(schedule.rate(0)).isZero();
        assertThat(schedule.rate(20)).isEqualTo(1);
        assertThat(schedule.rate(60)).isCloseTo(0.5, within(1e-12));
        assertThat(schedule.rate(100)).isCloseTo(0, within(1e-12));
    }
}
