package ai.modx.modxtrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.modx.Golden;
import ai.modx.torch.NativeScope;
import ai.modx.torch.TensorCopy;
import ai.modx.torch.TorchEngine;
import ai.modx.torch.TorchProgram;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The functions of {@code modx_loss.py}, and its class as a whole. */
class ModXLossTest {

    private static final String PARTS = """
            class Parts(nn.Module):
                def kept(self, teacher: Tensor) -> Tensor:
                    return kept_rows(teacher)

                def kept_of_columns(self, teacher: Tensor) -> Tensor:
                    return kept_rows(teacher.t())

                def divergence(self, student: Tensor, teacher: Tensor) -> Tensor:
                    return kl_divergence(student, teacher, kept_rows(teacher))

                # As the original has it: other rows of the teacher become the student's
                def divergence_of_replaced(self, student: Tensor, teacher: Tensor) -> Tensor:
                    aligned = torch.where(kept_rows(teacher).unsqueeze(1) == 1, teacher, student)
                    return kl_divergence(student, aligned, torch.ones_like(student[0]))
            """;
    private static final float[][] IMAGES = {{.9f, .3f, .1f}, {-.4f, .2f, .7f}, {.1f, -.8f, .5f}};
    private static final float[][] TEXTS = {{.5f, .3f, .2f}, {.1f, .9f, .4f}, {.2f, .2f, .6f}};
    private static final float[][] TEACHER = {{.9f, .1f, .2f}, {.3f, .8f, .1f}, {.5f, .4f, .1f}};

    private final NDManager manager = TorchEngine.manager(Device.cpu());
    private final NativeScope scope = NativeScope.withGradients();
    private final TorchProgram parts = TorchProgram.load(manager, ModXMethod.SOURCE.and(PARTS), "Parts", Map.of());

    @AfterEach
    void close() {
        parts.close();
        scope.close();
        manager.close();
    }

    /** Small matrices of the original, ties among them: rows that it replaced are rows that are not kept. */
    @Test
    void agreesWithTheOriginalOnSmallMatrices() {
        for (JsonNode golden : Golden.json("cognition_align.json")) {
            float[][] old = matrix(golden.get("old"));
            float[][] aligned = matrix(golden.get("aligned_old"));
            float[] kept = values(parts.call("kept", manager.create(old)));
            for (int i = 0; i < old.length; i++) {
                boolean replaced = !Arrays.equals(old[i], aligned[i]);
                assertThat(kept[i]).as("row %d of %s", i, golden.get("old")).isEqualTo(replaced ? 0f : 1f);
            }
            NDArray divergence = parts.call("divergence", manager.create(matrix(golden.get("new"))), manager.create(old));
            assertThat((double) values(divergence)[0]).isCloseTo(golden.get("kl").asDouble(), within(1e-6));
        }
    }

    @Test
    void ofEqualMaximaTheFirstCountsInRowsAndColumns() {
        Random random = new Random(3);
        float[][] teacher = new float[70][70];
        for (float[] row : teacher) {
            for (int j = 0; j < row.length; j++) {
                row[j] = random.nextInt(20);
            }
        }
        for (int i = 0; i < teacher.length; i++) {
            teacher[i][i] = 18 + random.nextInt(2);
        }
        float[] rows = values(parts.call("kept", manager.create(teacher)));
        float[] columns = values(parts.call("kept_of_columns", manager.create(teacher)));
        for (int i = 0; i < teacher.length; i++) {
            boolean row = true;
            boolean column = true;
            for (int j = 0; j < teacher.length; j++) {
                row &= teacher[i][j] < teacher[i][i] || j >= i && teacher[i][j] == teacher[i][i];
                column &= teacher[j][i] < teacher[i][i] || j >= i && teacher[j][i] == teacher[i][i];
            }
            assertThat(rows[i]).as("row %d", i).isEqualTo(row ? 1 : 0);
            assertThat(columns[i]).as("column %d", i).isEqualTo(column ? 1 : 0);
        }
        assertThat(rows).contains(0, 1);
        assertThat(columns).contains(0, 1);
    }

    @Test
    void leavingRowsOutEqualsReplacingThem() {
        NDArray left = leaf(manager.create(TEXTS));
        NDArray replaced = leaf(manager.create(TEXTS));
        NDArray teacher = manager.create(TEACHER);
        NDArray one = parts.call("divergence", left, teacher);
        NDArray other = parts.call("divergence_of_replaced", replaced, teacher);
        assertThat(values(one)).isEqualTo(values(other));
        backward(one);
        backward(other);
        assertThat(values(left.getGradient())).containsExactly(values(replaced.getGradient()), within(1e-7f));
        assertThat(Arrays.copyOfRange(values(left.getGradient()), 6, 9)).as("of the row that the teacher gets wrong").containsOnly(0f);
    }

    @Test
    void theMeanIsTheSumDividedByTheRows() {
        List<NDArray> sum = losses(2, false);
        List<NDArray> mean = losses(2, true);
        assertThat(values(mean.get(2))[0]).isCloseTo(values(sum.get(2))[0] / 3, within(1e-7f));
        assertThat(values(sum.get(3))[0]).isEqualTo(2);
        assertThat(values(sum.get(4))[0]).isEqualTo(2);
    }

    @Test
    void alphaWeighsTheDivergence() {
        List<NDArray> losses = losses(2.5, false);
        assertThat(values(losses.get(0))[0]).isCloseTo(values(losses.get(1))[0] + 2.5f * values(losses.get(2))[0], within(1e-6f));
        assertThat(values(losses.get(2))[0]).isPositive();
    }

    /** A continued run loads the program anew where the first one had called it many times; what it computes must be the same bits. */
    @Test
    void theFirstCallAndLaterOnesGiveTheSameBits() {
        float[] first = gradient(1);
        assertThat(gradient(6)).isEqualTo(first);
        assertThat(first).isNotEqualTo(new float[first.length]);
    }

    /** Of the last of so many calls. */
    private float[] gradient(int calls) {
        float[] gradient = {};
        try (TorchProgram program = program(20, false)) {
            for (int i = 0; i < calls; i++) {
                NDArray images = leaf(manager.create(IMAGES));
                backward(program.callForList("loss", images, manager.create(TEXTS), manager.create(1.5f), manager.create(TEACHER)).get(0));
                gradient = values(images.getGradient());
            }
        }
        return gradient;
    }

    private List<NDArray> losses(double alpha, boolean mean) {
        try (TorchProgram program = program(alpha, mean)) {
            return program.callForList("loss", manager.create(IMAGES), manager.create(TEXTS), manager.create(1.5f), manager.create(TEACHER));
        }
    }

    private TorchProgram program(double alpha, boolean mean) {
        return TorchProgram.load(manager, ModXMethod.SOURCE, "ModXLoss", Map.of("alpha", alpha, "mean", mean));
    }

    private NDArray leaf(NDArray array) {
        array.setRequiresGradient(true);
        return array;
    }

    private void backward(NDArray scalar) {
        JniUtils.backward((PtNDArray) scalar, (PtNDArray) manager.create(1f), false, false);
    }

    private static float[] values(NDArray array) {
        return TensorCopy.toHost(array).toFloatArray();
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
