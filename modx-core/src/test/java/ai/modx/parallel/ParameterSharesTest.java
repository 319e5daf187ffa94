package ai.modx.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ParameterSharesTest {

    @Test
    void aGroupOfOneHasAllParametersInOrder() {
        assertThat(ParameterShares.balanced(List.of(5L, 9L, 1L), 1, 2).indices()).containsExactly(List.of(0, 1, 2));
    }

    @Test
    void sharesAreBalancedAndTheFirstReplicaHasWhatItMust() {
        List<Long> sizes = List.of(1L, 90L, 40L, 45L, 7L, 8L);
        ParameterShares shares = ParameterShares.balanced(sizes, 2, 0);
        assertThat(shares.indices()).containsExactly(List.of(0, 1, 4), List.of(2, 3, 5));
        assertThat(IntStream.range(0, 6).map(shares::owner)).containsExactly(0, 0, 1, 1, 0, 1);
    }

    @Test
    void moreReplicasThanParametersLeavesSomeWithout() {
        assertThat(ParameterShares.balanced(List.of(1L, 2L), 4, 0).indices().stream().mapToInt(List::size).sum()).isEqualTo(2);
    }
}
