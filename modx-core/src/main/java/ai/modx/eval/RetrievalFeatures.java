package ai.modx.eval;

import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The features of N images and of their M captions, each image and each caption once.
 *
 * @param images   float32 (N, E), unit rows for cosines
 * @param captions float32 (M, E), in any order
 * @param owners   [M], the row of the image that a caption belongs to; every image owns at least one caption
 */
public record RetrievalFeatures(HostTensor images, HostTensor captions, int[] owners) {

    public RetrievalFeatures {
        owners = owners.clone();
        long[] left = images.shape();
        long[] right = captions.shape();
        if (images.type() != ElementType.FLOAT32 || captions.type() != ElementType.FLOAT32) {
            throw new IllegalArgumentException("Features are float32, not " + images.type() + " and " + captions.type());
        }
        if (left.length != 2 || right.length != 2 || left[1] != right[1] || right[0] != owners.length) {
            throw new IllegalArgumentException("Image features of shape " + Arrays.toString(left) + ", caption features of shape "
                    + Arrays.toString(right) + " and " + owners.length + " owners do not belong together");
        }
        int without = firstWithoutCaption(Math.toIntExact(left[0]), owners);
        if (without >= 0) {
            throw new IllegalArgumentException("Image " + without + " owns no caption");
        }
    }

    private static int firstWithoutCaption(int images, int[] owners) {
        boolean[] owns = new boolean[images];
        for (int owner : owners) {
            owns[owner] = true;
        }
        return IntStream.range(0, images).filter(image -> !owns[image]).findFirst().orElse(-1);
    }

    @Override
    public int[] owners() {
        return owners.clone();
    }

    /** N. */
    int imageCount() {
        return (int) images.shape()[0];
    }

    /** M. */
    int captionCount() {
        return owners.length;
    }

    /** For every image the rows of its captions, [N][1 or more]. */
    int[][] captionsOfImages() {
        int[] counts = new int[imageCount()];
        for (int owner : owners) {
            counts[owner]++;
        }
        int[][] rows = Arrays.stream(counts).mapToObj(int[]::new).toArray(int[][]::new);
        for (int caption = owners.length - 1; caption >= 0; caption--) {
            rows[owners[caption]][--counts[owners[caption]]] = caption;
        }
        return rows;
    }

    /** The images from row {@code begin} to before row {@code end}, and their captions. */
    RetrievalFeatures imageRange(int begin, int end) {
        int[] rows = IntStream.range(0, owners.length).filter(row -> owners[row] >= begin && owners[row] < end).toArray();
        int[] shifted = Arrays.stream(rows).map(row -> owners[row] - begin).toArray();
        return new RetrievalFeatures(rows(images, IntStream.range(begin, end).toArray()), rows(captions, rows), shifted);
    }

    private static HostTensor rows(HostTensor matrix, int[] rows) {
        int rowBytes = (int) matrix.shape()[1] * Float.BYTES;
        ByteBuffer from = matrix.data();
        ByteBuffer copy = ByteBuffer.allocate(Math.multiplyExact(rows.length, rowBytes));
        for (int row : rows) {
            copy.put(from.slice(row * rowBytes, rowBytes));
        }
        return new HostTensor(ElementType.FLOAT32, new long[] {rows.length, matrix.shape()[1]}, copy.flip());
    }
}
