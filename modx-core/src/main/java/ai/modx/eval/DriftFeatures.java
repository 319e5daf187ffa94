package ai.modx.eval;

import ai.modx.torch.HostTensor;
import java.util.Arrays;

/**
 * What one checkpoint says of N pairs.
 *
 * @param images float32 (N, E), unit rows
 * @param texts  float32 (N, E), row i belonging to row i of images
 */
public record DriftFeatures(HostTensor images, HostTensor texts) {

    public DriftFeatures {
        if (images.shape().length != 2 || !Arrays.equals(images.shape(), texts.shape())) {
            throw new IllegalArgumentException("Features of shapes " + Arrays.toString(images.shape()) + " and " + Arrays.toString(texts.shape())
                    + " are not of pairs");
        }
    }

    int size() {
        return (int) images.shape()[0];
    }

    int width() {
        return (int) images.shape()[1];
    }
}
