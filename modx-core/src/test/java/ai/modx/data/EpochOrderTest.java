package ai.modx.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EpochOrderTest {

    @Test
    void everyEpochVisitsEveryImageOnce() {
        for (int epoch = 0; epoch < 5; epoch++) {
            int[] order = new EpochOrder(11, 1000, true).epoch(epoch);
            assertThat(Arrays.stream(order).sorted()).containsExactly(IntStream.range(0, 1000).boxed().toArray(Integer[]::new));
        }
    }

    @Test
    void sequentialIsFileOrderInEveryEpoch() {
        EpochOrder order = new EpochOrder(11, 4, false);

        assertThat(order.epoch(0)).containsExactly(0, 1, 2, 3);
        assertThat(order.epoch(7)).containsExactly(0, 1, 2, 3);
    }

    /** Pinned: a change of the scheme would change every published run. */
    @Test
    void dependsOnSeedAndEpochOnly() {
        assertThat(new EpochOrder(11, 8, true).epoch(0)).containsExactly(2, 5, 4, 1, 0, 7, 6, 3);
        assertThat(new EpochOrder(11, 8, true).epoch(3)).containsExactly(7, 6, 3, 1, 4, 0, 5, 2);
    }

    @Test
    void epochsAndSeedsAreUnrelated() {
        int size = 10_000;
        int[] first = new EpochOrder(0, size, true).epoch(0);
        // Two independent permutations agree in one position on average; more than 8 has probability 1e-6.
        assertThat(agreements(first, new EpochOrder(0, size, true).epoch(1))).isLessThan(9);
        assertThat(agreements(first, new EpochOrder(1, size, true).epoch(0))).isLessThan(9);
        assertThat(agreements(new EpochOrder(0, size, true).epoch(1), new EpochOrder(1, size, true).epoch(0))).isLessThan(9);
    }

    @Test
    void allPermutationsAreEquallyLikely() {
        Map<String, Integer> counts = new HashMap<>();
        for (int epoch = 0; epoch < 24_000; epoch++) {
            counts.merge(Arrays.toString(new EpochOrder(5, 4, true).epoch(epoch)), 1, Integer::sum);
        }
        double chiSquare = counts.values().stream().mapToDouble(count -> (count - 1000.0) * (count - 1000.0) / 1000.0).sum();
        assertThat(counts).hasSize(24);
        assertThat(chiSquare).isLessThan(49.7); // 23 degrees of freedom, 0.1 %
    }

    @Test
    void refusesAnEmptyOrder() {
        assertThatThrownBy(() -> new EpochOrder(0, 0, true)).hasMessage("size 0: an order needs at least one image");
    }

    private static long agreements(int[] left, int[] right) {
        return IntStream.range(0, left.length).filter(i -> left[i] == right[i]).count();
    }
}
