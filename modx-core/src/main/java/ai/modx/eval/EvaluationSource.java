package ai.modx.eval;

import java.nio.file.Path;

/**
 * Where the images and captions of an evaluation come from.
 *
 * @param name           what the results are called
 * @param annotationFile in Karpathy's format or COCO's
 * @param imageDir       folder of the images, or of the sub-folders that the file names
 * @param split          which images of the file; of COCO's format, all
 */
public record EvaluationSource(String name, Path annotationFile, Path imageDir, String split) {

    /** The split that results are reported on. */
    public static final String DEFAULT_SPLIT = "test";

    public EvaluationSource {
        if (name.isBlank()) {
            throw new IllegalArgumentException("An evaluation needs a name");
        }
    }
}
