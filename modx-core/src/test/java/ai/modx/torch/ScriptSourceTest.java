package ai.modx.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptSourceTest {

    private static final String DEFINITIONS = """
            class Amp(NamedTuple):
              dtype: torch.dtype
            class Statistics(Enum):
              EVAL = 0
            def norm(x: Tensor) -> Tensor:
              return x
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "y = norm(x)                             | y = __torch__.norm(x)",
        "y = norm (norm(x) + 1e-5 * 2.)          | y = __torch__.norm (__torch__.norm(x) + 1e-5 * 2.)",
        "y = 2.*norm(x)                          | y = 2.*__torch__.norm(x)",
        "f(amp: Amp, all: List[Amp]) -> Amp:     | f(amp: __torch__.Amp, all: List[__torch__.Amp]) -> __torch__.Amp:",
        "if s == Statistics.EVAL:                | if s == __torch__.Statistics.EVAL:",
        "return Amp(torch.float32)               | return __torch__.Amp(6)",
        "x.to(torch.bfloat16).to(torch . int64)  | x.to(15).to(4)",
        "if x.dtype == torch.uint8 or b:         | if x.dtype == 0 or b:",
        "def f(self, dtype: torch.dtype) -> int: | def f(self, dtype: int) -> int:"})
    void namesOfTheProgramAndElementTypesAreTranslated(String python, String script) {
        assertThat(lastLine(DEFINITIONS + python)).isEqualTo(script);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "y = torch.norm(x)", "y = x.norm(2)", "y = x[0].norm(2)", "y = (x + 1).norm(2)", "y = self.Amp",
        "y = f(norm=x)", "norm = x + norm", "norms(x, norm, renorm(x))",
        "p[\"norm(x) Amp\"]", "p['Amp \\' norm(x)']", "p[\"\\\"norm(x)\"]", "# y = norm(x), Amp, torch.float32", "s = 'torch.float32'",
        "y = 1.norm(x)", "x.float32 + 3",
        "y = torch.float32x", "mytorch.float32", "\"\"\"norm(x) of an Amp\"\"\"", "'''norm(x) \" Amp'''"})
    void everythingElseStays(String python) {
        assertThat(lastLine(DEFINITIONS + python)).isEqualTo(python);
    }

    @Test
    void whatFollowsATextOrACommentIsTranslated() {
        assertThat(lastLine(DEFINITIONS + "y = p['#'] + norm(p[\"'\"]) + norm(p[\"\"])  # norm(x)"))
                .isEqualTo("y = p['#'] + __torch__.norm(p[\"'\"]) + __torch__.norm(p[\"\"])  # norm(x)");
        assertThat(lastLine(DEFINITIONS + "# isn't it\ny = norm(x)")).isEqualTo("y = __torch__.norm(x)");
        assertThat(lastLine(DEFINITIONS + "\"\"\"def f(x):\nnorm\"\"\" + norm(x)")).isEqualTo("norm\"\"\" + __torch__.norm(x)");
    }

    @Test
    void methodsAreNoNamesOfTheProgram() {
        String python = """
                class A(NamedTuple):
                  def norm(self, x: Tensor) -> Tensor:
                    return self.norm(x)
                y = norm(x)""";
        assertThat(lastLine(python)).isEqualTo("y = norm(x)");
    }

    @Test
    void aModuleDeclaresWhetherItTrains() {
        String python = """
                class A(nn.Module):  # of one thing

                    # a comment
                    size: int
                class B(nn.Module):
                  def f(self, a: A) -> int:
                    return a.size
                """;
        assertThat(new ScriptSource(python).torchScript()).isEqualTo("""
                class A(Module):  # of one thing

                    # a comment
                    training: bool
                    size: int
                class B(Module):
                  training: bool
                  def f(self, a: __torch__.A) -> int:
                    return a.size
                """);
    }

    @Test
    void aNameOfOneFileIsKnownInAllOthers() {
        ScriptSource source = new ScriptSource("def f(x: Tensor) -> Tensor:\n  return g(x)\n")
                .and("def g(x: Tensor) -> Tensor:\n  return x\n");
        assertThat(source.torchScript()).contains("return __torch__.g(x)");
    }

    @Test
    void aNameThatIsDefinedTwiceIsRefused() {
        ScriptSource source = new ScriptSource("def f(x: Tensor) -> Tensor:\n  return x\n");
        assertThatThrownBy(() -> source.and(source.python()).torchScript()).isInstanceOf(IllegalStateException.class)
                .hasMessage("The program defines f twice");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> ScriptSource.of(ScriptSourceTest.class, "none.py")).isInstanceOf(IllegalStateException.class)
                .hasMessage("No resource none.py beside ai.modx.torch.ScriptSourceTest");
    }

    private static String lastLine(String python) {
        String script = new ScriptSource(python).torchScript();
        return script.substring(script.lastIndexOf('\n') + 1);
    }
}
