package ai.modx.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleTest {

    @ParameterizedTest
    @CsvSource({"0,1", "0,0", "3,3", "-3,-3", "2.6,2.8", "1,60235", "-17,0.004", "0,5e-4", "1e-9,2e-9", "0,1e12", "0.01,4.7", "1e-7,3"})
    void ticksAreAFewInOrderInTheRange(double least, double greatest) {
        for (Scale scale : new Scale[] {Scale.rounded(least, greatest), Scale.ofRatios(new double[] {least, greatest}), Scale.exact(least, greatest)}) {
            assertThat(scale.low()).isLessThan(scale.high());
            assertThat(scale.position(least)).isBetween(0.0, 1.0);
            assertThat(scale.high()).isGreaterThanOrEqualTo(greatest - 1e-9 * Math.abs(greatest));
            assertThat(scale.ticks()).hasSizeBetween(1, 10).isSorted().doesNotHaveDuplicates();
            scale.ticks().forEach(tick -> assertThat(scale.position(tick)).isBetween(-1e-6, 1 + 1e-6));
        }
    }

    @Test
    void ratiosAreDrawnWhereNothingIsNegativeAndSomeFarApart() {
        Scale scale = Scale.ofRatios(new double[] {0.05, 5});
        assertThat(scale.logarithmic()).isTrue();
        assertThat(scale.position(0.5)).isCloseTo(0.5, within(1e-9));
        assertThat(Scale.ofRatios(new double[] {-1e-9, 0.05, 5}).logarithmic()).isFalse();
        assertThat(Scale.ofRatios(new double[] {1, 5}).logarithmic()).isFalse();
        assertThat(Scale.ofRatios(new double[] {0, 1, 5}).logarithmic()).isFalse();
    }

    @Test
    void zeroAndTheVerySmallLieAtTheBeginningOfALogarithmicAxis() {
        Scale scale = Scale.ofRatios(new double[] {0, 1e-30, 0.05, 5});
        assertThat(scale.low()).isCloseTo(5e-5 / 1.15, within(1e-9));
        assertThat(scale.position(0)).isZero();
        assertThat(scale.position(1e-30)).isZero();
    }

    @Test
    void numbersAreWrittenShort() {
        assertThat(Numbers.text(0.30000000000000004)).isEqualTo("0.3");
        assertThat(Numbers.text(60235)).isEqualTo("60235");
        assertThat(Numbers.text(1.2e-5)).isEqualTo("1.2e-5");
        assertThat(Numbers.text(-3.5e12)).isEqualTo("-3.5e12");
        assertThat(Numbers.text(0)).isEqualTo("0");
        assertThat(Numbers.text(Double.NaN)).isEqualTo("–");
    }
}
