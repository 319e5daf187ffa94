package ai.modx.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.modx.report.Envelope.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EnvelopeTest {

    @Test
    void agreesWithGoingThroughAllPointsForEveryColumn() {
        Random random = new Random(1);
        for (int round = 0; round < 50; round++) {
            int points = 1 + random.nextInt(400);
            int count = 1 + random.nextInt(60);
            double[] x = random.doubles(points, -5, 95).sorted().toArray();
            double[] y = random.doubles(points).map(value -> value < 0.3 ? Double.NaN : value < 0.32 ? Double.POSITIVE_INFINITY : value).toArray();

            List<Column> columns = Envelope.of(x, y, -5, 95, count).columns();

            List<Column> twin = twin(x, y, count);
            assertThat(columns).hasSameSizeAs(twin);
            for (int i = 0; i < twin.size(); i++) {
                assertThat(columns.get(i).x()).isCloseTo(twin.get(i).x(), within(1e-9));
                assertThat(columns.get(i).low()).isEqualTo(Double.valueOf(twin.get(i).low()));
                assertThat(columns.get(i).high()).isEqualTo(Double.valueOf(twin.get(i).high()));
                assertThat(columns.get(i).isEmpty()).isEqualTo(Double.isNaN(twin.get(i).mean()));
                if (!columns.get(i).isEmpty()) {
                    assertThat(columns.get(i).mean()).isCloseTo(twin.get(i).mean(), within(1e-9));
                }
            }
        }
    }

    /** Column by column over the range from -5 to 95. */
    private static List<Column> twin(double[] x, double[] y, int count) {
        List<Column> columns = new ArrayList<>();
        for (int c = 0; c < count; c++) {
            int column = c;
            int[] inside = IntStream.range(0, x.length).filter(i -> (int) ((x[i] + 5) / 100 * count) == column).toArray();
            double[] values = Arrays.stream(inside).mapToDouble(i -> y[i]).filter(Double::isFinite).toArray();
            if (inside.length > 0) {
                columns.add(new Column(Arrays.stream(inside).mapToDouble(i -> x[i]).average().orElseThrow(), Arrays.stream(values).min().orElse(Double.NaN),
                        Arrays.stream(values).average().orElse(Double.NaN), Arrays.stream(values).max().orElse(Double.NaN)));
            }
        }
        return columns;
    }

    @Test
    void oneSpikeAmongManyValuesStays() {
        double[] x = IntStream.range(0, 100_000).asDoubleStream().toArray();
        double[] y = new double[x.length];
        y[54_321] = 7;

        List<Column> columns = Envelope.of(x, y, 0, 99_999, 300).columns();

        assertThat(columns).hasSize(300);
        assertThat(columns).filteredOn(column -> column.high() == 7).hasSize(1);
    }

    @Test
    void fewPointsStayWhatTheyAre() {
        double[] x = {0, 3, 10};
        double[] y = {1, 2, 4};

        assertThat(Envelope.of(x, y, 0, 10, 300).columns()).containsExactly(new Column(0, 1, 1, 1), new Column(3, 2, 2, 2), new Column(10, 4, 4, 4));
    }
}
