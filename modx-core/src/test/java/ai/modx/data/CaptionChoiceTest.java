package ai.modx.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CaptionChoiceTest {

    @Test
    void firstIsAlwaysTheFirst() {
        assertThat(IntStream.range(0, 50).map(epoch -> CaptionChoice.FIRST.choose(11, epoch, epoch, 5))).containsOnly(0);
    }

    /** Pinned: a change of the scheme would change every published run. */
    @Test
    void randomDependsOnItsArgumentsOnly() {
        assertThat(IntStream.range(0, 8).map(index -> CaptionChoice.RANDOM.choose(11, 0, index, 5))).containsExactly(3, 3, 0, 3, 3, 0, 3, 1);
    }

    @Test
    void randomIsUniformOverImagesAndOverEpochs() {
        assertThat(chiSquare(IntStream.range(0, 50_000).map(index -> CaptionChoice.RANDOM.choose(11, 3, index, 5)))).isLessThan(18.5);
        assertThat(chiSquare(IntStream.range(0, 50_000).map(epoch -> CaptionChoice.RANDOM.choose(11, epoch, 3, 5)))).isLessThan(18.5);
        assertThat(chiSquare(IntStream.range(0, 50_000).map(seed -> CaptionChoice.RANDOM.choose(seed, 1, 3, 5)))).isLessThan(18.5);
    }

    @Test
    void neighbouringEpochsChooseIndependently() {
        long same = IntStream.range(0, 50_000)
                .filter(index -> CaptionChoice.RANDOM.choose(11, 0, index, 5) == CaptionChoice.RANDOM.choose(11, 1, index, 5)).count();
        assertThat(same).isBetween(9_600L, 10_400L); // 10,000 expected, standard deviation 89
    }

    /** Of the counts of 0 to 4 against equal counts; 4 degrees of freedom, 0.1 % above 18.5. */
    private static double chiSquare(IntStream choices) {
        long[] counts = new long[5];
        choices.forEach(choice -> counts[choice]++);
        double expected = IntStream.range(0, 5).mapToLong(i -> counts[i]).sum() / 5.0;
        return IntStream.range(0, 5).mapToDouble(i -> (counts[i] - expected) * (counts[i] - expected) / expected).sum();
    }
}
