package ai.modx.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as a page shows them. */
final class Numbers {

    /** Of what is worth reading of a measurement. */
    private static final MathContext DIGITS = new MathContext(6);

    private Numbers() {}

    /** Six digits at most; very large and very small ones with an exponent. */
    static String text(double value) {
        if (!Double.isFinite(value)) {
            return "–";
        }
        double size = Math.abs(value);
        BigDecimal rounded = BigDecimal.valueOf(value).round(DIGITS).stripTrailingZeros();
        return size != 0 && (size < 1e-4 || size >= 1e9) ? exponent(rounded) : rounded.toPlainString();
    }

    private static String exponent(BigDecimal value) {
        int exponent = value.precision() - value.scale() - 1;
        return value.scaleByPowerOfTen(-exponent).toPlainString() + "e" + exponent;
    }

    /** With a comma after every three digits. */
    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** One decimal, as the literature prints recalls. */
    static String percent(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.1f", value) : "–";
    }

    /** In the two largest units. */
    static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60 ? String.format(Locale.ROOT, "%.1f s", seconds)
                : whole < 3600 ? whole / 60 + " min " + whole % 60 + " s" : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }
}
