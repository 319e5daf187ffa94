package ai.modx.optim;

/**
 * Half a cosine from the base rate down to 0, one value an epoch: torch's {@code CosineAnnealingLR} with {@code T_max} epochs.
 *
 * @param baseRate the rate of the first epoch
 * @param epochs   of the whole run
 */
public record CosineAnnealing(double baseRate, int epochs) {

    /** The learning rate of an epoch, counted from 0. */
    public double rate(int epoch) {
        return baseRate * (1 + Math.cos(Math.PI * epoch / epochs)) / 2;
    }
}
