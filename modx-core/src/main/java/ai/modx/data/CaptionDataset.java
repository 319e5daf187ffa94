package ai.modx.data;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.stream.Collectors;

/**
 * Images with captions, in the order of their source: what a training run walks through.
 *
 * @param name  for logs
 * @param items at least one
 */
public record CaptionDataset(String name, List<CaptionedImage> items) {

    public CaptionDataset {
        items = List.copyOf(items);
        if (items.isEmpty()) {
            throw new DataException(name + " holds no image");
        }
    }

    /** One data set after the other, as the original joins COCO and Flickr30K. */
    public static CaptionDataset concat(CaptionDataset... datasets) {
        List<CaptionedImage> items = new ArrayList<>();
        for (CaptionDataset dataset : datasets) {
            items.addAll(dataset.items);
        }
        return new CaptionDataset(Arrays.stream(datasets).map(CaptionDataset::name).collect(Collectors.joining(" + ")), items);
    }

    /** The first {@code count} images, or all if there are fewer. */
    public CaptionDataset first(int count) {
        return count >= size() ? this : new CaptionDataset(name, items.subList(0, count));
    }

    /** Number of images. */
    public int size() {
        return items.size();
    }

    /** Number of captions of all images together. */
    public long captionCount() {
        return items.stream().mapToLong(item -> item.captions().size()).sum();
    }

    /** The image files, in order. */
    public List<Path> files() {
        return items.stream().map(CaptionedImage::file).toList();
    }

    /** A digest of file names and captions in order: equal data give equal text, wherever the images lie. */
    public String fingerprint() {
        CRC32C digest = new CRC32C();
        for (CaptionedImage item : items) {
            digest.update((item.file().getFileName() + "\n" + String.join("\n", item.captions()) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return String.format("%08x", digest.getValue());
    }
}
