package ai.modx.data;

import ai.modx.config.Count;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads COCO's {@code captions_*.json}: an array of images, and an array of captions that point to them. */
public final class CocoCaptions {

    private static final Logger log = LoggerFactory.getLogger(CocoCaptions.class);

    private final AnnotationFile file;
    private final ImageRoot images;
    /** By image id, in the order of the file. */
    private final Map<Long, Path> files = new LinkedHashMap<>();
    private final Map<Long, List<String>> captions = new HashMap<>();
    /** Annotations of another kind, such as boxes. */
    private int others;

    private CocoCaptions(AnnotationFile file, ImageRoot images) {
        this.file = file;
        this.images = images;
    }

    /**
     * The images in the order of the file, each with its captions in the order of the file. Images without caption are
     * left out, and counted in the log.
     */
    public static CaptionDataset read(Path annotationFile, Path imageDir) {
        return read(annotationFile, imageDir, DataProblem.Listener.STRICT);
    }

    /** The same, telling of everything that is wrong: of an id that is repeated, the first image counts. */
    static CaptionDataset read(Path annotationFile, Path imageDir, DataProblem.Listener problems) {
        return new CocoCaptions(new AnnotationFile(annotationFile, problems), new ImageRoot(imageDir)).read();
    }

    private CaptionDataset read() {
        Set<String> names = file.read(Map.of("images", this::addImage, "annotations", this::addCaption));
        for (String required : List.of("images", "annotations")) {
            if (!names.contains(required)) {
                throw file.error("has no '" + required + "'. Expected COCO's captions_*.json");
            }
        }
        requireCaptions();
        List<CaptionedImage> items = new ArrayList<>();
        files.forEach((id, path) -> {
            String image = "image " + id + ", " + path.getFileName() + ",";
            file.captioned(image, path, captions.getOrDefault(id, List.of())).ifPresent(items::add);
        });
        captions.keySet().stream().filter(id -> !files.containsKey(id)).sorted().forEach(id ->
                captions.get(id).forEach(caption -> file.found(Defect.CAPTION_WITHOUT_IMAGE, "caption of image " + id + ", which is not listed: " + caption)));
        if (items.isEmpty()) {
            throw file.error("no image has a caption (images: " + files.size()
                    + ", image ids of the captions: " + captions.size() + ")");
        }
        logWhatIsLeftOut(items.size());
        return new CaptionDataset(file.datasetName(), items);
    }

    private void requireCaptions() {
        if (others > 0) {
            String problem = Count.of(others, "annotation") + (others == 1 ? " is" : " are")
                    + " of objects, with 'category_id' and without 'caption', as in COCO's "
                    + "instances_*.json and person_keypoints_*.json. Expected captions_*.json";
            if (captions.isEmpty()) {
                throw file.error(problem);
            }
            file.found(Defect.BROKEN_ENTRY, problem);
        }
    }

    private void addImage(Annotation image) {
        if (!image.has("id") && image.has("sentences")) {
            throw file.error("has no 'annotations'; it looks like Karpathy's format: pass it as --flickr30k_train_annotation_file");
        }
        long id = image.integer("id");
        if (files.putIfAbsent(id, images.resolve(image.text("file_name"), image)) != null) {
            file.found(Defect.REPEATED_ID, image.position() + " repeats the id " + id + " of an earlier image");
        }
    }

    private void addCaption(Annotation annotation) {
        if (annotation.has("category_id") && !annotation.has("caption")) {
            others++;
            return;
        }
        long id = annotation.integer("image_id");
        String caption = annotation.named("image " + id).text("caption");
        captions.computeIfAbsent(id, unknown -> new ArrayList<>()).add(caption);
    }

    private void logWhatIsLeftOut(int kept) {
        if (kept < files.size()) {
            log.warn("{}: {} of {} images have no caption and are left out", file.datasetName(), files.size() - kept, files.size());
        }
        if (kept < captions.size()) {
            log.warn("{}: captions of {} image ids that are not among the images are left out",
                    file.datasetName(), captions.size() - kept);
        }
    }
}
