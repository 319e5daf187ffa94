package ai.modx.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PhaseSplitTest {

    @Test
    void cutsFlickr30KWhereTheOriginalDoes() {
        PhaseSplit fifths = new PhaseSplit(5, false, 0);
        assertThat(IntStream.rangeClosed(0, 5).map(phase -> fifths.boundary(30_014, phase))).containsExactly(0, 6002, 12005, 18008, 24011, 30014);
    }

    @Test
    void contiguousPhasesFollowTheFile() {
        assertThat(new PhaseSplit(3, false, 0).slice(data(10), 1, 2).items()).isEqualTo(data(10).items().subList(3, 6));
    }

    @Test
    void shuffledPhasesTogetherHoldEveryImageOnce() {
        PhaseSplit thirds = new PhaseSplit(3, true, 4);
        List<CaptionedImage> all = new ArrayList<>();
        IntStream.range(0, 3).forEach(phase -> all.addAll(thirds.slice(data(10), phase, phase + 1).items()));
        assertThat(all).containsExactlyInAnyOrderElementsOf(data(10).items()).isNotEqualTo(data(10).items());
    }

    @Test
    void aPhaseOfOneImageIsRefused() {
        assertThatThrownBy(() -> new PhaseSplit(5, false, 0).slice(data(6), 0, 1)).isInstanceOf(DataException.class)
                .hasMessage("Phase 1 of 5 would have 1 of the 6 images of toy: training needs at least 2. Use fewer phases or more data");
    }

    private static CaptionDataset data(int size) {
        return new CaptionDataset("toy", IntStream.range(0, size).mapToObj(i -> new CaptionedImage(Path.of(i + ".jpg"), List.of("c" + i))).toList());
    }
}
