package ai.modx.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.model.ModelConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Counts by hand: two operations for each of the numbers that a product multiplies. */
class OperationCountTest {

    private static final int E = 16;

    @Test
    void aBlockIsComputedForAllTokensButTheLastForOne() {
        double last = 2 * (3 * 64 * 64 + 2 * 64 * 17 + 64 * 64 + 2 * 64 * 256) + 2 * 64 * E; // q, k, v; scores, their use; out; MLP; projection
        double stem = 2 * 16 * (8 * 8 * 3) * 64; // 16 patches
        OperationCount one = OperationCount.of(visionTransformer(1), 5);
        assertThat(one.stem()).isEqualTo(stem);
        assertThat(one.image()).isEqualTo(stem + last);

        double whole = 2 * 17 * (3 * 64 * 64 + 2 * 17 * 64 + 64 * 64 + 2 * 64 * 256);
        assertThat(OperationCount.of(visionTransformer(2), 5).image()).isEqualTo(stem + whole + last);
    }

    @Test
    void everyHeadOfTheLastBlockReadsTheWholeWidth() {
        OperationCount text = OperationCount.of(visionTransformer(1), 5);
        assertThat(text.text()).isEqualTo(2 * (3 * 32 * 32 + 2 * 2 * 32 * 5 + 32 * 32 + 2 * 32 * 128) + 2 * 32 * E); // 2 heads, 5 tokens
    }

    @Test
    void aResNetStridesBehindItsSecondConvolutions() {
        ModelConfig model = new ModelConfig(E, 32, List.of(1, 1, 1, 1), 8, 0, 16, 100, 32, 2, 1);
        double stem = 2 * 16 * 16 * (9 * 3 * 4);
        double image = stem + 2 * 16 * 16 * (9 * 4 * 4 + 9 * 4 * 8)
                + 2 * 8 * 8 * (8 * 8 + 9 * 8 * 8 + 8 * 32 + 8 * 32)
                + 2 * 8 * 8 * (32 * 16 + 9 * 16 * 16) + 2 * 4 * 4 * (16 * 64 + 32 * 64)
                + 2 * 4 * 4 * (64 * 32 + 9 * 32 * 32) + 2 * 2 * 2 * (32 * 128 + 64 * 128)
                + 2 * 2 * 2 * (128 * 64 + 9 * 64 * 64) + 2 * (64 * 256 + 128 * 256)
                + 2 * (3 * 256 * 256 + 2 * 4 * 256 * 2) + 2 * 256 * E; // pool: q, k, v; 4 heads of 2 positions; projection
        OperationCount count = OperationCount.of(model, 5);
        assertThat(count.image()).isEqualTo(image);
        assertThat(count.step(3)).isEqualTo(3 * (3 * (image + count.text()) - stem));
    }

    private static ModelConfig visionTransformer(int layers) {
        return new ModelConfig(E, 32, List.of(layers), 64, 8, 16, 100, 32, 2, 1);
    }
}
