package ai.modx.bench;

/**
 * One figure.
 *
 * @param what  was measured, of what size
 * @param value median of several measurements
 * @param unit  of the value
 */
public record Measurement(String what, double value, String unit) {}
