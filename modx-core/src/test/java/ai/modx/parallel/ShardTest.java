package ai.modx.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.data.Batch;
import ai.modx.data.BatchRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardTest {

    private static final int SIDE = 2;
    private static final int CONTEXT = 20;

    @Test
    void sizesDifferByAtMostOneAndTheFirstAreTheLarger() {
        assertThat(Shard.of(batch(7, 5), true).split(3)).extracting(Shard::size).containsExactly(3, 2, 2);
        assertThat(Shard.of(batch(6, 5), true).split(3)).extracting(Shard::size).containsExactly(2, 2, 2);
    }

    @Test
    void aBatchSmallerThanTheNumberOfPartsLeavesPartsWithout() {
        assertThat(Shard.of(batch(2, 5), true).split(4)).extracting(Shard::size).containsExactly(1, 1);
    }

    @Test
    void everyRowKeepsItsPixelsAndTokens() {
        List<Shard> shards = Shard.of(batch(5, 7), false).split(2);
        assertRows(shards);
        assertRows(shards.stream().flatMap(shard -> shard.split(2).stream()).toList());
    }

    private static void assertRows(List<Shard> shards) {
        int row = 0;
        for (Shard shard : shards) {
            assertThat(shard.side()).isEqualTo(SIDE);
            assertThat(shard.length()).isEqualTo(CONTEXT);
            for (int i = 0; i < shard.size(); i++, row++) {
                assertThat(shard.images().get(i * SIDE * SIDE * 3)).isEqualTo((byte) row);
                assertThat(shard.tokens()[i * CONTEXT]).isEqualTo(100 + row);
            }
        }
        assertThat(row).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"1, 8", "8, 8", "9, 16", "16, 16", "17, 20", "20, 20"})
    void shortTextsAreCutBehindTheLongestCaptionInStepsOfEight(int longest, int expected) {
        for (Shard shard : Shard.of(batch(4, longest), true).split(2)) {
            assertThat(shard.length()).isEqualTo(expected);
            assertThat(shard.tokens()).hasSize(shard.size() * expected);
            assertThat(shard.tokens()[(shard.size() - 1) * expected]).isGreaterThanOrEqualTo(100);
        }
    }

    @Test
    void theLongestCaptionOfTheWholeBatchDecides() {
        Batch batch = batch(4, 3);
        batch.tokens()[3 * CONTEXT + 10] = 1; // in the last row only
        assertThat(Shard.of(batch, true).split(2)).extracting(Shard::length).containsExactly(16, 16);
    }

    /** Row r has pixels r, and {@code length} tokens from 100 + r. */
    private static Batch batch(int size, int length) {
        int pixels = SIDE * SIDE * 3;
        ByteBuffer images = ByteBuffer.allocateDirect(size * pixels);
        int[] tokens = new int[size * CONTEXT];
        for (int row = 0; row < size; row++) {
            for (int i = 0; i < pixels; i++) {
                images.put((byte) row);
            }
            for (int i = 0; i < length; i++) {
                tokens[row * CONTEXT + i] = 100 + row + i;
            }
        }
        return new Batch(new BatchRequest(0, IntStream.range(0, size).toArray()), images.flip(), tokens);
    }
}
