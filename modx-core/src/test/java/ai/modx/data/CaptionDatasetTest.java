package ai.modx.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaptionDatasetTest {

    private static final CaptionedImage ONE = new CaptionedImage(Path.of("1.jpg"), List.of("a"));
    private static final CaptionedImage TWO = new CaptionedImage(Path.of("2.jpg"), List.of("b", "c"));
    private final CaptionDataset coco = new CaptionDataset("coco", List.of(ONE, TWO));

    @Test
    void concatKeepsOrder() {
        CaptionDataset joined = CaptionDataset.concat(coco, new CaptionDataset("flickr30k", List.of(ONE)));

        assertThat(joined).isEqualTo(new CaptionDataset("coco + flickr30k", List.of(ONE, TWO, ONE)));
    }

    @Test
    void firstTakesTheBeginning() {
        assertThat(coco.first(1).items()).containsExactly(ONE);
        assertThat(coco.first(9)).isSameAs(coco);
    }

    @Test
    void isNeverEmpty() {
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> new CaptionDataset("coco", List.of()))
                .withMessage("coco holds no image");
    }
}
