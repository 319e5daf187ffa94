package ai.modx.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TorchProgramTest {

    private static final ScriptSource SOURCE = new ScriptSource("""
            class Shifts(Enum):
                NONE = 0
                ONE = 1


            def shifted(x: Tensor, by: Shifts) -> Tensor:
                return x + 1 if by == Shifts.ONE else x


            class Arguments(nn.Module):
                factor: float

                def product(self, x: Tensor, y: Tensor) -> Tensor:
                    return self.factor * shifted(x, Shifts.NONE) * y

                def weighted(self, x: Tensor, more: List[Tensor], p: Dict[str, Tensor], z: Tensor) -> Tensor:
                    for y in more:
                        x = x + y
                    return x * p["a.b"] + p["c"] - z

                def nothing(self) -> List[Tensor]:
                    return []

                def shifts(self, more: List[Tensor]) -> List[Tensor]:
                    return [shifted(x, Shifts.ONE) for x in more]

                def increase(self, x: Tensor, by: float, times: int, wanted: bool) -> None:
                    if wanted:
                        x += by * times

                def total(self, more: List[Tensor]) -> float:
                    return float(torch.stack(more).sum())
            """);

    private final NDManager manager = TorchEngine.manager(Device.cpu());
    private final NativeScope scope = NativeScope.withGradients();
    private final TorchProgram program = TorchProgram.load(manager, SOURCE, "Arguments", Map.of("factor", 0.5));

    @AfterEach
    void close() {
        program.close();
        scope.close();
        manager.close();
    }

    @Test
    void tensorsListsAndDictsArriveInTheirPlaces() {
        NDArray twice = number(2);
        Map<String, NDArray> p = Map.of("a.b", number(10), "c", number(100));
        assertThat(value(program.call("weighted", number(1), List.of(twice, twice), p, number(90)))).isEqualTo(60);
    }

    @Test
    void anArrayIsWhatItIsInTheNextCallWhateverItWasInThisOne() {
        NDArray x = number(3);
        program.callForList("shifts", List.of(x));
        assertThat(value(program.call("product", x, x))).isEqualTo(4.5f);
    }

    @Test
    void gradientsGoThroughACall() {
        NDArray x = number(3);
        x.setRequiresGradient(true);
        JniUtils.backward((PtNDArray) program.call("product", x, number(8)), (PtNDArray) number(1), false, false);
        assertThat(value(x.getGradient())).isEqualTo(4);
    }

    @Test
    void aMethodMayReturnManyTensorsOrNone() {
        List<NDArray> shifted = program.callForList("shifts", List.of(number(1), number(2)));
        assertThat(shifted.stream().map(TorchProgramTest::value)).containsExactly(2f, 3f);
        assertThat(program.callForList("nothing")).isEmpty();
    }

    @Test
    void numbersGoToMethodsThatChangeTensorsInPlace() {
        NDArray x = number(1);
        program.update("increase", x, 0.25, 4L, true);
        program.update("increase", x, 0.25, 4L, false);
        assertThat(value(x)).isEqualTo(2);
        assertThat(program.measure("total", List.of(x, number(5)))).isEqualTo(7);
    }

    @Test
    void whatTheEngineCannotPassIsRefused() {
        assertThatThrownBy(() -> program.call("product", number(1), 2.0)).hasMessage("Not an argument of a recorded method: 2.0");
        assertThatThrownBy(() -> program.callForList("shifts", List.of())).hasMessage("The engine cannot pass an empty list");
        NDArray x = number(1);
        assertThatThrownBy(() -> program.call("weighted", number(1), List.of(number(2)), Map.of("a.b", number(1), "c", x), x))
                .hasMessage("An array cannot be an element of one argument and also another");
        assertThatThrownBy(() -> program.call("weighted", x, List.of(x), Map.of("a.b", number(1), "c", number(1)), number(1)))
                .hasMessage("An array cannot be an element of one argument and also another");
        assertThat(value(program.call("product", x, x))).as("after the failure").isEqualTo(0.5f);
        assertThatThrownBy(() -> program.update("increase", x, "much")).hasMessage("Not an argument of a TorchScript method: much");
    }

    private NDArray number(float value) {
        return manager.create(value);
    }

    private static float value(NDArray scalar) {
        return TensorCopy.toHost(scalar).toFloatArray()[0];
    }
}
