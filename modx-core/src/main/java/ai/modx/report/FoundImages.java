package ai.modx.report;

import ai.modx.config.FileProblem;
import ai.modx.data.DataException;
import ai.modx.data.ImageView;
import ai.modx.data.image.ImageTransform;
import ai.modx.eval.EvaluationSet;
import ai.modx.eval.FeatureEncoder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/**
 * The images that a model finds best for some captions of a test set.
 *
 * @param set     its name
 * @param model   what found them
 * @param queries in the order of the set
 */
public record FoundImages(String set, String model, List<Query> queries) {

    private static final int BEST = 5;

    /** Of a thumbnail, in pixels. */
    private static final int SIDE = 96;

    /**
     * One caption.
     *
     * @param rank of the right image, counted from 1
     * @param best the images found, best first
     */
    record Query(String caption, int rank, List<Hit> best) {}

    /**
     * One image.
     *
     * @param cosine    of image and caption
     * @param right     whether the caption is of this image
     * @param thumbnail a picture as data URI
     */
    record Hit(Path file, double cosine, boolean right, String thumbnail) {}

    /**
     * Looks for the images of captions that lie evenly in the set.
     *
     * @param model what to call it
     * @param count of captions
     */
    public static FoundImages of(EvaluationSet set, FeatureEncoder encoder, String model, int count) {
        int all = set.captions().size();
        int[] chosen = IntStream.range(0, Math.min(count, all)).map(i -> (int) ((long) i * all / Math.min(count, all))).toArray();
        float[] images = encoder.images(set.images()).toFloatArray();
        float[] captions = encoder.captions(IntStream.of(chosen).mapToObj(set.captions()::get).toList()).toFloatArray();
        int width = images.length / set.images().size();
        int[] owners = set.owners();
        try (ImageView.Loader loader = ImageView.of(ImageTransform.clip(SIDE)).open()) {
            List<Query> queries = new ArrayList<>();
            for (int i = 0; i < chosen.length; i++) {
                queries.add(query(set, chosen[i], owners[chosen[i]], cosines(captions, i * width, width, images), loader));
            }
            return new FoundImages(set.name(), model, List.copyOf(queries));
        }
    }

    /** Of equal scores the wrong image comes first, as in evaluation. */
    private static Query query(EvaluationSet set, int caption, int owner, double[] cosines, ImageView.Loader loader) {
        List<Integer> order = IntStream.range(0, cosines.length).boxed()
                .sorted(Comparator.<Integer>comparingDouble(image -> -cosines[image]).thenComparing(image -> image == owner)).toList();
        List<Hit> best = order.stream().limit(BEST)
                .map(image -> new Hit(set.images().get(image), cosines[image], image == owner, thumbnail(set.images().get(image), loader))).toList();
        return new Query(set.captions().get(caption), 1 + order.indexOf(owner), best);
    }

    /** Of one row with all images. */
    private static double[] cosines(float[] captions, int from, int width, float[] images) {
        double[] cosines = new double[images.length / width];
        for (int image = 0; image < cosines.length; image++) {
            for (int i = 0; i < width; i++) {
                cosines[image] += (double) captions[from + i] * images[image * width + i];
            }
        }
        return cosines;
    }

    /** What a model sees of it: resized and cropped in the middle. */
    private static String thumbnail(Path file, ImageView.Loader loader) {
        ByteBuffer pixels = ByteBuffer.allocate(3 * SIDE * SIDE);
        loader.load(file, 0, 0, pixels, 0);
        BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < SIDE * SIDE; i++) {
            picture.setRGB(i % SIDE, i / SIDE, (pixels.get(3 * i) & 255) << 16 | (pixels.get(3 * i + 1) & 255) << 8 | pixels.get(3 * i + 2) & 255);
        }
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "jpeg", jpeg);
        } catch (IOException e) {
            throw new DataException("No thumbnail can be made of " + file + ": " + FileProblem.of(e), e);
        }
        return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg.toByteArray());
    }

    Html html() {
        Html section = Html.of("section").add(Html.of("h2", "What is found for captions of " + set),
                Html.of("p", "The five best of all images by " + model + ". The right one has a frame and a tick; under each its cosine with the caption.").with("class", "small"));
        return section.add(Html.of("div").with("class", "queries").add(queries.stream().map(FoundImages::html).toList()));
    }

    private static Html html(Query query) {
        Html hits = Html.of("ol").with("class", "hits");
        query.best().forEach(hit -> hits.add(Html.of("li").with("class", hit.right() ? "right" : "wrong").add(
                Html.of("img").with("src", hit.thumbnail()).with("width", SIDE).with("height", SIDE).with("title", hit.file())
                        .with("alt", (hit.right() ? "right: " : "wrong: ") + hit.file().getFileName()),
                Html.of("span", (hit.right() ? "✓ " : "") + String.format(Locale.ROOT, "%.2f", hit.cosine())))));
        return Html.of("div").with("class", "query").add(Html.of("p").add(Html.of("q", query.caption())).text(" – right image at rank " + query.rank()), hits);
    }
}
