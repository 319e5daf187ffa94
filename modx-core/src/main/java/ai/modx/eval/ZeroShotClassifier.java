package ai.modx.eval;

import ai.modx.data.ImageFolder;
import ai.modx.data.StopRequest;
import ai.modx.loss.CosineSimilarity;
import ai.modx.parallel.ReplicaGroup;
import ai.modx.text.ClipTokenizer;
import ai.modx.torch.TensorCopy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Classifies images by sentences about the classes (Radford et al. 2021, sec. 3.1): a class's feature is the mean of the unit
 * features of its prompts, scaled to length 1; an image's logits are its cosines with the classes times CLIP's learned scale.
 */
public final class ZeroShotClassifier {

    private final FeatureEncoder encoder;
    private final double scale;

    /** @param replicas of the model; stay the caller's */
    public ZeroShotClassifier(ReplicaGroup replicas, EncoderSettings settings) {
        encoder = new FeatureEncoder(replicas, ClipTokenizer.load(), settings, new StopRequest());
        scale = Math.exp(TensorCopy.toFloat(replicas.model().logitScale()));
    }

    /**
     * Classifies all images of a folder.
     *
     * @throws ai.modx.data.DataException if an image cannot be loaded; it is named
     */
    public ZeroShotReport classify(ImageFolder folder, ClassNames names, PromptTemplates templates) {
        float[] classes = classFeatures(names, templates);
        ZeroShotReport.Builder report = new ZeroShotReport.Builder(folder, names, templates, scale);
        encoder.images(folder.files(), (features, indices) -> {
            float[] images = TensorCopy.toHost(CosineSimilarity.normalize(features)).toFloatArray();
            for (int row = 0; row < indices.length; row++) {
                report.add(indices[row], cosines(images, row * images.length / indices.length, images.length / indices.length, classes));
            }
        });
        return report.build();
    }

    /** Of one row of the images with all classes, [C]. */
    private static double[] cosines(float[] images, int from, int width, float[] classes) {
        double[] cosines = new double[classes.length / width];
        for (int label = 0; label < cosines.length; label++) {
            for (int i = 0; i < width; i++) {
                cosines[label] += (double) images[from + i] * classes[label * width + i];
            }
        }
        return cosines;
    }

    /** Unit features of the classes, (C, E) row after row. */
    private float[] classFeatures(ClassNames names, PromptTemplates templates) {
        List<String> prompts = new ArrayList<>();
        names.words().forEach(words -> prompts.addAll(templates.prompts(words)));
        float[] features = encoder.captions(prompts).toFloatArray();
        int width = features.length / prompts.size();
        float[] rows = new float[names.words().size() * width];
        int prompt = 0;
        for (int label = 0; label < names.words().size(); label++) {
            double[] sum = new double[width];
            int end = prompt + names.words().get(label).size() * templates.sentences().size();
            for (; prompt < end; prompt++) {
                for (int i = 0; i < width; i++) {
                    sum[i] += features[prompt * width + i];
                }
            }
            double length = Math.sqrt(Arrays.stream(sum).map(value -> value * value).sum());
            for (int i = 0; i < width; i++) {
                rows[label * width + i] = (float) (sum[i] / length);
            }
        }
        return rows;
    }
}
