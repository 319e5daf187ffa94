package ai.modx.modxtrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.modx.Golden;
import ai.modx.modxtrain.SpatialAlignment.Reduction;
import ai.modx.torch.TorchEngine;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SpatialAlignmentTest {

    /** Small matrices of the original, ties among them: rows that it replaced are rows that are not kept. */
    @Test
    void agreesWithTheOriginalOnSmallMatrices() {
        try (NDManager manager = TorchEngine.manager(Device.cpu())) {
            for (JsonNode golden : Golden.json("cognition_align.json")) {
                float[][] old = matrix(golden.get("old"));
                float[][] aligned = matrix(golden.get("aligned_old"));
                NDArray teacher = manager.create(old);
                float[] kept = SpatialAlignment.keptRows(teacher).toFloatArray();
                for (int i = 0; i < old.length; i++) {
                    boolean replaced = !Arrays.equals(old[i], aligned[i]);
                    assertThat(kept[i]).as("row %d of %s", i, golden.get("old")).isEqualTo(replaced ? 0f : 1f);
                }
                NDArray student = manager.create(matrix(golden.get("new")));
                assertThat((double) SpatialAlignment.divergence(student, teacher, SpatialAlignment.keptRows(teacher)).getFloat())
                        .isCloseTo(golden.get("kl").asDouble(), within(1e-6));
            }
        }
    }

    @Test
    void theMeanIsTheSumDividedByTheRows() {
        try (NDManager manager = TorchEngine.manager(Device.cpu())) {
            NDArray teacher = manager.create(new float[][] {{.9f, .1f, .2f}, {.3f, .8f, .1f}, {.5f, .4f, .1f}});
            NDArray student = manager.create(new float[][] {{.5f, .3f, .2f}, {.1f, .9f, .4f}, {.2f, .2f, .6f}});
            SpatialAlignment.Loss sum = SpatialAlignment.of(student, teacher, Reduction.SUM);
            SpatialAlignment.Loss mean = SpatialAlignment.of(student, teacher, Reduction.MEAN);
            assertThat(mean.distill().getFloat()).isCloseTo(sum.distill().getFloat() / 3, within(1e-7f));
            assertThat(sum.keptI2t().getFloat()).isEqualTo(2);
            assertThat(sum.keptT2i().getFloat()).isEqualTo(2);
        }
    }

    private static float[][] matrix(JsonNode rows) {
        float[][] matrix = new float[rows.size()][rows.size()];
        for (int i = 0; i < rows.size(); i++) {
            for (int j = 0; j < rows.size(); j++) {
                matrix[i][j] = (float) rows.get(i).get(j).asDouble();
            }
        }
        return matrix;
    }
}
