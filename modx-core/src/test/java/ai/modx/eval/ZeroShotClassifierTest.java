package ai.modx.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.modx.data.ImageCache;
import ai.modx.data.ImageFolder;
import ai.modx.data.StopRequest;
import ai.modx.model.Computation;
import ai.modx.model.Precision;
import ai.modx.parallel.ReplicaGroup;
import ai.modx.text.ClipTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZeroShotClassifierTest {

    @TempDir
    Path dir;

    @Test
    void agreesWithAPlainComputation() throws Exception {
        Path pictures = Files.createDirectories(dir.resolve("pictures"));
        TinySet.write(pictures);
        List<Path> files = IntStream.range(0, TinySet.IMAGES).mapToObj(i -> pictures.resolve(i + ".png")).toList();
        ImageFolder folder = new ImageFolder(pictures, List.of("a", "b", "c"), files, new int[] {0, 0, 1, 1, 2, 2, 2});
        ClassNames names = new ClassNames(List.of(List.of("red", "dark red"), List.of("green"), List.of("blue", "a sea", "a sky")));
        PromptTemplates templates = new PromptTemplates(List.of("a photo of a {}.", "{}, and {} again"));
        EncoderSettings settings = new EncoderSettings(3, 0, ImageCache.NONE, true);
        List<Device> devices = List.of(Device.cpu(), Device.cpu());
        try (ReplicaGroup replicas = new ReplicaGroup(TinySet.CONFIG, Computation.in(Precision.FP32), devices, 1, TinySet.weights(4))) {
            ZeroShotReport report = new ZeroShotClassifier(replicas, settings).classify(folder, names, templates);

            FeatureEncoder encoder = new FeatureEncoder(replicas, ClipTokenizer.load(), settings, new StopRequest());
            float[] images = encoder.images(files).toFloatArray();
            int width = TinySet.CONFIG.embedDim();
            int hits = 0;
            for (int i = 0; i < files.size(); i++) {
                double[] scores = new double[3];
                for (int label = 0; label < 3; label++) {
                    double[] sum = new double[width];
                    for (String name : names.words().get(label)) {
                        for (String prompt : List.of("a photo of a " + name + ".", name + ", and " + name + " again")) {
                            float[] feature = encoder.captions(List.of(prompt)).toFloatArray();
                            for (int j = 0; j < width; j++) {
                                sum[j] += feature[j];
                            }
                        }
                    }
                    double length = Math.sqrt(Arrays.stream(sum).map(value -> value * value).sum());
                    for (int j = 0; j < width; j++) {
                        scores[label] += images[i * width + j] * sum[j] / length;
                    }
                }
                int best = IntStream.range(0, 3).boxed().max((x, y) -> Double.compare(scores[x], scores[y])).orElseThrow();
                double all = Arrays.stream(scores).map(score -> Math.exp(score / 0.07)).sum(); // fresh weights
                ZeroShotReport.Prediction prediction = report.predictions().get(i);
                assertThat(prediction.best()).hasSize(3).startsWith(best);
                assertThat(prediction.probabilities()[0]).isCloseTo(Math.exp(scores[best] / 0.07) / all, within(1e-5));
                hits += best == folder.labels()[i] ? 1 : 0;
            }
            assertThat(report.top1()).isCloseTo(100.0 * hits / 7, within(1e-9));
            assertThat(report.top5()).isEqualTo(100);
        }
    }

    @Test
    void tiesAndScoresThatAreNoNumbersCountAgainstTheModel() {
        ImageFolder folder = new ImageFolder(dir, List.of("a", "b"), List.of(dir.resolve("1"), dir.resolve("2"), dir.resolve("3"), dir.resolve("4")),
                new int[] {0, 1, 0, 1});
        ZeroShotReport.Builder report = new ZeroShotReport.Builder(folder, ClassNames.of(folder.classes()), PromptTemplates.PHOTO, 1);
        double[][] cosines = {{0.2, 0.1}, {0.1, 0.1}, {Double.NaN, 0.1}, {0, 0.3}};
        for (int image = 0; image < cosines.length; image++) {
            report.add(image, cosines[image]);
        }

        assertThat(report.build().predictions()).extracting(ZeroShotReport.Prediction::rank).containsExactly(0, 1, 1, 0);
        assertThat(report.build().recalls()).containsExactly(50, 50);
    }
}
