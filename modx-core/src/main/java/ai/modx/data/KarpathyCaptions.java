package ai.modx.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the files of Karpathy's splits, {@code dataset_flickr30k.json} and {@code dataset_coco.json}: an array of images,
 * each with its split and its sentences.
 */
public final class KarpathyCaptions {

    /**
     * What Flickr30K training uses unless told otherwise. The original trains on the validation images too (30,014 in all),
     * so val is not held out; kept, so that results compare.
     */
    public static final String TRAINING_SPLITS = "train,val";

    private static final Logger log = LoggerFactory.getLogger(KarpathyCaptions.class);

    private final AnnotationFile file;
    private final ImageRoot images;
    private final Set<String> splits;
    /** Images by split, of all splits in the file. */
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<CaptionedImage> items = new ArrayList<>();
    private int withoutCaption;

    private KarpathyCaptions(AnnotationFile file, ImageRoot images, Set<String> splits) {
        this.file = file;
        this.images = images;
        this.splits = splits;
    }

    /**
     * The images of the given splits in the order of the file. Images without sentence are left out, and counted in the
     * log.
     *
     * @param imageDir the folder of the images, or of the sub-folders that the file names ({@code filepath}, COCO only)
     * @param splits   for example {@code train}; COCO's {@code restval} is a split of its own
     */
    public static CaptionDataset read(Path annotationFile, Path imageDir, Set<String> splits) {
        if (splits.isEmpty()) {
            throw new IllegalArgumentException("No split given");
        }
        return read(annotationFile, imageDir, splits, DataProblem.Listener.STRICT);
    }

    /**
     * The same, telling of everything that is wrong.
     *
     * @param splits empty: all
     */
    static CaptionDataset read(Path annotationFile, Path imageDir, Set<String> splits, DataProblem.Listener problems) {
        return new KarpathyCaptions(new AnnotationFile(annotationFile, problems), new ImageRoot(imageDir), splits).read();
    }

    private CaptionDataset read() {
        Set<String> names = file.read(Map.of("images", this::addImage));
        if (!names.contains("images")) {
            throw file.error("has no 'images'. Expected dataset_flickr30k.json or another file in Karpathy's format");
        }
        if (counts.isEmpty()) {
            throw file.error("'images' is empty");
        }
        for (String split : splits) {
            if (!counts.containsKey(split)) {
                throw file.error("no image is in split '" + split + "'. Images by split: " + describeSplits());
            }
        }
        if (items.isEmpty()) {
            throw file.error("no image in the splits " + splits + " has a sentence (images there: " + withoutCaption + ")");
        }
        if (withoutCaption > 0) {
            log.warn("{}: {} of {} images have no caption and are left out",
                    file.datasetName(), withoutCaption, withoutCaption + items.size());
        }
        return new CaptionDataset(file.datasetName(), items);
    }

    private void addImage(Annotation image) {
        if (!image.has("sentences") && image.has("file_name")) {
            throw file.error("has no 'sentences'; it looks like COCO's format: pass it as --coco_train_annotation_file");
        }
        String split = image.text("split");
        counts.merge(split, 1, Integer::sum);
        if (!splits.isEmpty() && !splits.contains(split)) {
            return;
        }
        String name = image.text("filename");
        String folder = image.has("filepath") ? image.text("filepath") + "/" : "";
        Path path = images.resolve(folder + name, image);
        List<String> captions = image.named(name).list("sentences").stream().map(sentence -> sentence.text("raw")).toList();
        Optional<CaptionedImage> item = file.captioned(image.position() + ", " + name + ",", path, captions);
        item.ifPresentOrElse(items::add, () -> withoutCaption++);
    }

    private String describeSplits() {
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue()).collect(Collectors.joining(", "));
    }
}
