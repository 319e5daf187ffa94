package ai.modx.eval;

import ai.modx.data.AnnotationFormat;
import ai.modx.data.BadImagePolicy;
import ai.modx.data.CaptionDataset;
import ai.modx.data.CaptionedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Images and captions to find one another, each once. All captions count, however many an image has.
 *
 * <p>Captions are taken whole. The original's evaluation cut them after 60 words, and then failed on more than 77 tokens
 * all the same; here a caption that is too long for the model is cut to its context length with the end mark kept, as in
 * training. Results differ only where a caption has more than 60 words.
 *
 * @param name     what the results are called
 * @param images   N files
 * @param captions M texts, those of an image one after another
 * @param owners   [M], which of the images a caption describes
 */
public record EvaluationSet(String name, List<Path> images, List<String> captions, int[] owners) {

    public EvaluationSet {
        images = List.copyOf(images);
        captions = List.copyOf(captions);
        owners = owners.clone();
        if (captions.size() != owners.length) {
            throw new IllegalArgumentException(captions.size() + " captions have " + owners.length + " owners");
        }
    }

    /**
     * Reads a source.
     *
     * @throws ai.modx.data.DataException if the file or the folder is missing, the file is broken or lacks the split, or an image
     *                                    cannot be used
     */
    public static EvaluationSet read(EvaluationSource source) {
        CaptionDataset data = AnnotationFormat.read(source.annotationFile(), source.imageDir(), Set.of(source.split()));
        BadImagePolicy.requireAllUsable(data.files());
        return of(source.name(), data.items());
    }

    /** The images with all their captions; one that occurs twice is one image with the captions of both. */
    static EvaluationSet of(String name, List<CaptionedImage> items) {
        Map<Path, List<String>> byImage = new LinkedHashMap<>();
        items.forEach(item -> byImage.computeIfAbsent(item.file(), file -> new ArrayList<>()).addAll(item.captions()));
        List<String> captions = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        int image = 0;
        for (List<String> ofImage : byImage.values()) {
            for (String caption : ofImage) {
                captions.add(caption);
                owners.add(image);
            }
            image++;
        }
        return new EvaluationSet(name, List.copyOf(byImage.keySet()), captions, owners.stream().mapToInt(Integer::intValue).toArray());
    }

    @Override
    public int[] owners() {
        return owners.clone();
    }

    /** The first caption of every image. */
    public List<String> firstCaptions() {
        List<String> first = new ArrayList<>();
        for (int caption = 0; caption < owners.length; caption++) {
            if (owners[caption] == first.size()) {
                first.add(captions.get(caption));
            }
        }
        return first;
    }
}
