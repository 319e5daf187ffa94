package ai.modx.optim;

/**
 * Linear warm-up from 0, then half a cosine down to 0: the schedule of the original's
 * {@code get_cosine_schedule_with_warmup}. A function of the step number alone, so that a resumed run needs no state.
 *
 * @param baseRate    the peak learning rate
 * @param warmupSteps optimizer steps of warm-up; the very first step has rate 0
 * @param totalSteps  optimizer steps of the whole run
 */
public record CosineWarmup(double baseRate, long warmupSteps, long totalSteps) {

    /** The original's share of warm-up steps. */
    public static final double WARMUP_SHARE = 0.2;

    /** A schedule whose first fifth, rounded down, warms up. */
    public static CosineWarmup over(long totalSteps, double baseRate) {
        return new CosineWarmup(baseRate, (long) (WARMUP_SHARE * totalSteps), totalSteps);
    }

    /** The learning rate of optimizer step number {@code step}, counted from 0. */
    public double rate(long step) {
        if (step < warmupSteps) {
            return baseRate * ((double) step / Math.max(1, warmupSteps));
        }
        double progress = (double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
        return baseRate * Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
    }
}
