package ai.modx.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.modx.data.DataException;
import ai.modx.eval.ResultsMatrix.Column;
import ai.modx.eval.ResultsMatrix.Stage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsMatrixTest {

    private static final Column OLD_I2T = new Column("old", Direction.I2T);
    private static final Column NEW_T2I = new Column("new", Direction.T2I);

    /** R@1 in the order old i2t, old t2i, new i2t, new t2i: 40 20 10 8, 44 18 30 22, 30 10 26 24. */
    private static final ResultsMatrix MATRIX = new ResultsMatrix("m", Set.of("new"), List.of(
            stage("before", 40, 20, 10, 8), stage("phase 1", 44, 18, 30, 22), stage("phase 2", 30, 10, 26, 24)));

    @TempDir
    Path dir;

    @Test
    void averagesAreOverAllColumnsOfARow() {
        assertThat(ContinualMeasures.of(MATRIX, Recall.R1).averages()).containsExactly(19.5, 28.5, 22.5);
        assertThat(ContinualMeasures.of(MATRIX, Recall.R5).averages()).containsExactly(39.0, 57.0, 45.0);
    }

    @Test
    void forgettingIsTheBestEarlierRowMinusTheLast() {
        ContinualMeasures.Measure forgetting = ContinualMeasures.of(MATRIX, Recall.R1).forgetting();

        assertThat(forgetting.byColumn()).containsExactlyInAnyOrderEntriesOf(Map.of(
                OLD_I2T, 14.0, new Column("old", Direction.T2I), 10.0, new Column("new", Direction.I2T), 4.0, NEW_T2I, -2.0));
        assertThat(forgetting.mean().orElseThrow()).isCloseTo(12, within(1e-9)); // of the old columns, 14 and 10
    }

    @Test
    void backwardTransferIsTheLastRowMinusTheFirstForWhatWasKnownBefore() {
        ContinualMeasures.Measure transfer = ContinualMeasures.of(MATRIX, Recall.R1).backwardTransfer();

        assertThat(transfer.byColumn()).containsOnly(Map.entry(OLD_I2T, -10.0), Map.entry(new Column("old", Direction.T2I), -10.0));
        assertThat(transfer.mean().orElseThrow()).isCloseTo(-10, within(1e-9));
    }

    @Test
    void oneRowForgetsNothing() {
        ContinualMeasures measures = ContinualMeasures.of(new ResultsMatrix("joint", Set.of(), MATRIX.stages().subList(0, 1)), Recall.R1);

        assertThat(measures.averages()).containsExactly(19.5);
        assertThat(measures.forgetting().byColumn()).isEmpty();
        assertThat(measures.backwardTransfer().mean()).isEmpty();
    }

    @Test
    void textHasTheMeasuresBelowTheRows() {
        assertThat(MATRIX.toText(Recall.R1)).startsWith("""
                | m, R@1            | old i2t | new i2t | old t2i | new t2i | average |
                |-------------------|--------:|--------:|--------:|--------:|--------:|
                | before            |    40.0 |    10.0 |    20.0 |     8.0 |    19.5 |
                | phase 1           |    44.0 |    30.0 |    18.0 |    22.0 |    28.5 |
                | phase 2           |    30.0 |    26.0 |    10.0 |    24.0 |    22.5 |
                | forgetting        |    14.0 |     4.0 |    10.0 |    -2.0 |    12.0 |
                | backward transfer |   -10.0 |       - |   -10.0 |       - |   -10.0 |

                forgetting: best earlier row""");
    }

    @Test
    void whatWasWrittenIsReadBack() {
        Path file = dir.resolve("matrix.json");

        MATRIX.write(file);

        assertThat(ResultsMatrix.read(file)).isEqualTo(MATRIX);
        assertThat(MATRIX.toJson()).contains("\"backward_transfer\"", "\"new_data\"", "\"average\"");
    }

    @Test
    void rowsMustHaveTheSameDataSets() {
        RetrievalReport other = new RetrievalReport(Map.of("old", RetrievalReportTest.result(1, 1, 1)));

        assertThatThrownBy(() -> new ResultsMatrix("m", Set.of(), List.of(MATRIX.stages().get(0), new Stage("phase 1", other))))
                .hasMessage("The rows of m have different data sets: [old, new] and, in 'phase 1', [old]");
        assertThatThrownBy(() -> new ResultsMatrix("m", Set.of("newer"), MATRIX.stages()))
                .hasMessage("New data that was not evaluated: [newer]. There are results for [old, new]");
    }

    @Test
    void aReportIsNotAMatrix() {
        Path file = dir.resolve("R.json");
        MATRIX.stages().get(0).report().write(file);

        assertThatExceptionOfType(DataException.class).isThrownBy(() -> ResultsMatrix.read(file))
                .withMessageStartingWith(file + " cannot be read: there is no 'method' with 'stages'");
    }

    private static Stage stage(String name, double oldI2t, double oldT2i, double newI2t, double newT2i) {
        Map<String, RetrievalResult> results = new LinkedHashMap<>();
        results.put("old", RetrievalReportTest.result(oldI2t, oldT2i, 10));
        results.put("new", RetrievalReportTest.result(newI2t, newT2i, 10));
        return new Stage(name, new RetrievalReport(results));
    }
}
