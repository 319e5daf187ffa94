package ai.modx.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.modx.torch.NativeScope;
import ai.modx.torch.TorchEngine;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What travels in pieces arrives as if it travelled one by one. */
class ReplicaTransfersTest {

    private static final List<Shape> SHAPES = List.of(new Shape(2, 3), new Shape(), new Shape(5), new Shape(2, 1, 2));

    @ParameterizedTest(name = "{0} elements at once, copied although on one device: {1}")
    @CsvSource({"1, true", "7, true", "1000, true", "7, false"})
    void gradientsAreAdded(int piece, boolean alwaysCopy) {
        try (NDManager manager = TorchEngine.manager(Device.cpu()); ReplicaTransfers transfers = new ReplicaTransfers(manager, piece, alwaysCopy);
                NativeScope scope = NativeScope.withGradients()) {
            List<NDArray> into = withGradients(manager, 1);
            List<NDArray> other = withGradients(manager, 10);
            transfers.addGradients(into, other);
            for (int i = 0; i < into.size(); i++) {
                NDArray expected = gradient(manager, i, 1).add(gradient(manager, i, 10));
                assertThat(into.get(i).getGradient().toFloatArray()).isEqualTo(expected.toFloatArray());
                assertThat(other.get(i).getGradient().toFloatArray()).isEqualTo(gradient(manager, i, 10).toFloatArray());
            }
        }
    }

    @ParameterizedTest(name = "{0} elements at once, copied although on one device: {1}")
    @CsvSource({"1, true", "7, true", "1000, true", "7, false"})
    void weightsAndCountersAreCopiedExactly(int piece, boolean alwaysCopy) {
        try (NDManager manager = TorchEngine.manager(Device.cpu()); ReplicaTransfers transfers = new ReplicaTransfers(manager, piece, alwaysCopy);
                NativeScope scope = NativeScope.withoutGradients()) {
            long large = (1L << 40) + 1; // no float32
            List<NDArray> other = List.of(gradient(manager, 0, 3), manager.create(large), gradient(manager, 2, 3), gradient(manager, 3, 3));
            List<NDArray> into = List.of(manager.zeros(SHAPES.get(0)), manager.zeros(new Shape(), DataType.INT64), manager.zeros(SHAPES.get(2)),
                    manager.zeros(SHAPES.get(3)));
            transfers.copy(into, other);
            assertThat(into.get(1).getLong()).isEqualTo(large);
            for (int i : new int[] {0, 2, 3}) {
                assertThat(into.get(i).toFloatArray()).isEqualTo(other.get(i).toFloatArray());
            }
        }
    }

    @Test
    void theNormKeepsItsDigits() {
        try (NDManager manager = TorchEngine.manager(Device.cpu()); ReplicaTransfers transfers = new ReplicaTransfers(manager);
                NativeScope scope = NativeScope.withGradients()) {
            List<NDArray> gradients = List.of(manager.randomUniform(0.5f, 1.5f, new Shape(4096, 1024)), // one sum of so many is off by 1e-4
                    manager.randomUniform(0.5f, 1.5f, new Shape(8, 4, 3, 3)), manager.randomUniform(0.5f, 1.5f, new Shape(5)), manager.create(-2f));
            List<NDArray> parameters = gradients.stream().map(gradient -> withGradient(manager.zeros(gradient.getShape()), gradient)).toList();
            double squares = 0;
            for (NDArray gradient : gradients) {
                for (float value : gradient.toFloatArray()) {
                    squares += (double) value * value;
                }
            }
            assertThat(transfers.gradientNorm(parameters)).isCloseTo(Math.sqrt(squares), withinPercentage(1e-4));
        }
    }

    private static List<NDArray> withGradients(NDManager manager, int factor) {
        return IntStream.range(0, SHAPES.size()).mapToObj(i -> withGradient(manager.zeros(SHAPES.get(i)), gradient(manager, i, factor))).toList();
    }

    private static NDArray withGradient(NDArray parameter, NDArray gradient) {
        parameter.setRequiresGradient(true);
        JniUtils.backward((PtNDArray) parameter.mul(gradient).sum(), (PtNDArray) gradient.getManager().ones(new Shape()), false, false);
        return parameter;
    }

    /** Made-up values for array number i. */
    private static NDArray gradient(NDManager manager, int i, int factor) {
        return manager.arange((int) SHAPES.get(i).size()).toType(DataType.FLOAT32, false).add(0.1f * i + 1).mul(factor).reshape(SHAPES.get(i));
    }
}
