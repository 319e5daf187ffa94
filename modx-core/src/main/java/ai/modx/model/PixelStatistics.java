package ai.modx.model;

/**
 * Mean and standard deviation of the red, green and blue channel, for pixels scaled to [0, 1].
 *
 * @param mean three numbers
 * @param std  three numbers
 */
public record PixelStatistics(float[] mean, float[] std) {

    /** The statistics that CLIP was trained with. */
    public static final PixelStatistics CLIP = new PixelStatistics(
            new float[] {0.48145466f, 0.4578275f, 0.40821073f}, new float[] {0.26862954f, 0.26130258f, 0.27577711f});

    /** The statistics of ImageNet that classifiers are trained with, by torchvision's convention. */
    public static final PixelStatistics IMAGENET = new PixelStatistics(
            new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f});

    public PixelStatistics {
        mean = mean.clone();
        std = std.clone();
        if (mean.length != 3 || std.length != 3) {
            throw new IllegalArgumentException("Three channels have three means and three deviations, not " + mean.length + " and " + std.length);
        }
    }

    @Override
    public float[] mean() {
        return mean.clone();
    }

    @Override
    public float[] std() {
        return std.clone();
    }
}
