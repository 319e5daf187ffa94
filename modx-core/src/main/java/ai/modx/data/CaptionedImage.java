package ai.modx.data;

import java.nio.file.Path;
import java.util.List;

/**
 * One image and the captions that describe it.
 *
 * @param file     the image
 * @param captions at least one
 */
public record CaptionedImage(Path file, List<String> captions) {

    public CaptionedImage {
        captions = List.copyOf(captions);
        if (captions.isEmpty()) {
            throw new IllegalArgumentException(file + " has no caption");
        }
    }
}
