package ai.modx.model;

import java.util.List;

/**
 * Mean and standard deviation of the red, green and blue channel, for pixels scaled to [0, 1].
 *
 * @param mean three numbers
 * @param std  three numbers
 */
public record PixelStatistics(List<Double> mean, List<Double> std) {

    /** The statistics that CLIP was trained with. */
    public static final PixelStatistics CLIP = new PixelStatistics(
            List.of(0.48145466, 0.4578275, 0.40821073), List.of(0.26862954, 0.26130258, 0.27577711));

    public PixelStatistics {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.size() != 3 || std.size() != 3) {
            throw new IllegalArgumentException("Three channels have three means and three deviations, not " + mean + " and " + std);
        }
    }
}
