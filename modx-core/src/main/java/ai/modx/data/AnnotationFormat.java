package ai.modx.data;

import java.nio.file.Path;
import java.util.Set;

/** The kinds of annotation files, which tell themselves apart. */
public enum AnnotationFormat {
    COCO,
    KARPATHY;

    /**
     * The format of a file, by its first image: Karpathy's images have their sentences with them, and another key for their file.
     *
     * @throws DataException if it is no annotation file
     */
    public static AnnotationFormat of(Path annotationFile) {
        return new AnnotationFile(annotationFile, DataProblem.Listener.STRICT).first("images")
                .filter(image -> image.has("sentences") || image.has("filename"))
                .map(image -> KARPATHY).orElse(COCO);
    }

    /**
     * Reads a file of either format as training does: the first thing that is wrong ends it.
     *
     * @param splits for Karpathy's: which images; COCO's has no splits, and all of its images count
     */
    public static CaptionDataset read(Path annotationFile, Path imageDir, Set<String> splits) {
        return of(annotationFile).read(annotationFile, imageDir, splits, DataProblem.Listener.STRICT);
    }

    /**
     * Reads a file of this format.
     *
     * @param splits   for Karpathy's: which images; empty: all
     * @param problems told of what is wrong; unless it throws, everything else is read
     */
    public CaptionDataset read(Path annotationFile, Path imageDir, Set<String> splits, DataProblem.Listener problems) {
        return switch (this) {
            case COCO -> CocoCaptions.read(annotationFile, imageDir, problems);
            case KARPATHY -> KarpathyCaptions.read(annotationFile, imageDir, splits, problems);
        };
    }
}
