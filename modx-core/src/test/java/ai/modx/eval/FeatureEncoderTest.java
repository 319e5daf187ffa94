package ai.modx.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.modx.data.CaptionedImage;
import ai.modx.data.DataException;
import ai.modx.data.ImageCache;
import ai.modx.data.ImageSamples;
import ai.modx.data.ImageView;
import ai.modx.data.Loaded;
import ai.modx.data.Samples;
import ai.modx.data.image.ImageLoader;
import ai.modx.data.image.ImageTransform;
import ai.modx.loss.CosineSimilarity;
import ai.modx.data.StopRequest;
import ai.modx.model.BatchStatistics;
import ai.modx.model.ClipModel;
import ai.modx.model.Computation;
import ai.modx.model.Precision;
import ai.modx.parallel.ReplicaGroup;
import ai.modx.text.ClipTokenizer;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.TensorCopy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Features against the model called directly, one image or caption at a time, at full context length. */
class FeatureEncoderTest {

    private static final ClipTokenizer TOKENIZER = ClipTokenizer.load();
    private static ReplicaGroup replicas;
    private static ClipModel model;

    @TempDir
    Path dir;

    @BeforeAll
    static void load() {
        replicas = replicas(1);
        model = replicas.model();
    }

    @AfterAll
    static void close() {
        replicas.close();
    }

    private static ReplicaGroup replicas(int count) {
        return new ReplicaGroup(TinySet.CONFIG, Computation.in(Precision.FP32), Collections.nCopies(count, Device.cpu()), 1, TinySet.weights(1));
    }

    @Test
    void readsUniqueImagesWithAllCaptionsOfTheSplit() throws IOException {
        EvaluationSet set = EvaluationSet.read(TinySet.write(dir));

        assertThat(set.name()).isEqualTo("tiny");
        assertThat(set.images()).hasSize(6).doesNotHaveDuplicates();
        assertThat(set.captions()).hasSize(12);
        assertThat(set.owners()).containsExactly(0, 1, 1, 2, 2, 2, 3, 4, 4, 5, 5, 5);
    }

    @Test
    void anImageThatIsListedTwiceIsOneImage() {
        Path a = Path.of("a.png");
        Path b = Path.of("b.png");

        EvaluationSet set = EvaluationSet.of("x", List.of(new CaptionedImage(a, List.of("1")),
                new CaptionedImage(b, List.of("2")), new CaptionedImage(a, List.of("3"))));

        assertThat(set.images()).containsExactly(a, b);
        assertThat(set.captions()).containsExactly("1", "3", "2");
        assertThat(set.owners()).containsExactly(0, 0, 1);
    }

    @ParameterizedTest
    @CsvSource({"1, 0, true", "4, 2, true", "100, 1, true", "4, 0, false"})
    void equalsTheModelForAnyBatchSize(int batchSize, int workers, boolean shortTexts) throws IOException {
        EvaluationSet set = EvaluationSet.read(TinySet.write(dir));

        RetrievalFeatures features = new FeatureEncoder(replicas, TOKENIZER, new EncoderSettings(batchSize, workers, ImageCache.NONE, shortTexts), new StopRequest()).encode(set);

        for (int i = 0; i < set.images().size(); i++) {
            assertThat(row(features.images(), i)).containsExactly(imageFeature(set.images().get(i)), within(1e-5f));
        }
        for (int i = 0; i < set.captions().size(); i++) {
            assertThat(row(features.captions(), i)).containsExactly(captionFeature(set.captions().get(i)), within(1e-5f));
        }
        assertThat(features.owners()).isEqualTo(set.owners());
    }

    @Test
    void featuresThatFitIntoNoBufferAreRefusedInASentence() {
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> new FeatureRows(600_000, 1024)).withMessage(
                "The features of 600000 images or captions take 2457600000 bytes; at most 2147483647 are kept at once. Use fewer of them, or, for "
                + "those of Mod-X's old model, --teacher_features every_step");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whatReplacesAnImageGivesThatOneNoSecondFeature(int devices) throws IOException {
        List<Path> files = EvaluationSet.read(TinySet.write(dir)).images();
        Samples samples = ImageSamples.of(files, ImageView.of(ImageTransform.clip(TinySet.CONFIG.imageResolution())));
        EncoderSettings settings = new EncoderSettings(2, 1, ImageCache.NONE, true);
        try (ReplicaGroup group = replicas(devices)) {
            FeatureEncoder encoder = new FeatureEncoder(group, TOKENIZER, settings, new StopRequest());
            HostTensor features = encoder.images(new FirstReplacesThirdAndLastTwo(samples));
            HostTensor whole = encoder.images(files);
            for (int i : new int[] {0, 1, 3}) { // whatever number 0 looked like in the other places
                assertThat(row(features, i)).containsExactly(row(whole, i));
            }
            for (int i : new int[] {2, 4, 5}) {
                assertThat(row(features, i)).containsOnly(0f);
            }
        }
    }

    /** Calls the others image 0, but shows what they are. */
    private record FirstReplacesThirdAndLastTwo(Samples samples) implements Samples {

        @Override
        public int size() {
            return samples.size();
        }

        @Override
        public int imageSide() {
            return samples.imageSide();
        }

        @Override
        public int contextLength() {
            return samples.contextLength();
        }

        @Override
        public String name(int index) {
            return samples.name(index);
        }

        @Override
        public Reader open() {
            Reader reader = samples.open();
            return new Reader() {
                @Override
                public Loaded read(int epoch, int index, ByteBuffer images, int[] tokens, int row) {
                    reader.read(epoch, index, images, tokens, row);
                    return Loaded.asked(index == 2 || index > 3 ? 0 : index);
                }

                @Override
                public void close() {
                    reader.close();
                }
            };
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 2"})
    void severalDevicesShareTheWorkAndChangeNoBit(int batchSize, int workers) throws IOException {
        EvaluationSet set = EvaluationSet.read(TinySet.write(dir));
        EncoderSettings settings = new EncoderSettings(batchSize, workers, ImageCache.NONE, true);
        RetrievalFeatures one = new FeatureEncoder(replicas, TOKENIZER, settings, new StopRequest()).encode(set);
        try (ReplicaGroup three = replicas(3)) {
            RetrievalFeatures shared = new FeatureEncoder(three, TOKENIZER, settings, new StopRequest()).encode(set);
            assertThat(shared.images().toFloatArray()).isEqualTo(one.images().toFloatArray());
            assertThat(shared.captions().toFloatArray()).isEqualTo(one.captions().toFloatArray());
        }
    }

    @Test
    void leavesNothingInTheModelsMemory() throws IOException {
        EvaluationSet set = EvaluationSet.read(TinySet.write(dir));
        FeatureEncoder encoder = new FeatureEncoder(replicas, TOKENIZER, new EncoderSettings(2, 0, ImageCache.NONE, true), new StopRequest());
        int before = model.manager().getManagedArrays().size();

        encoder.encode(set);

        assertThat(model.manager().getManagedArrays()).hasSize(before);
    }

    @Test
    void namesAnImageThatIsMissing() {
        FeatureEncoder encoder = new FeatureEncoder(replicas, TOKENIZER, new EncoderSettings(2, 1, ImageCache.NONE, true), new StopRequest());

        assertThatExceptionOfType(DataException.class).isThrownBy(() -> encoder.images(List.of(dir.resolve("absent.png"))))
                .withMessageContaining("absent.png");
    }

    @Test
    void aSplitThatTheFileLacksIsNamedWithThoseItHas() throws IOException {
        EvaluationSource source = TinySet.write(dir);

        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> EvaluationSet.read(new EvaluationSource("tiny", source.annotationFile(), dir, "minival")))
                .withMessage(source.annotationFile() + ": no image is in split 'minival'. Images by split: test 6, val 1");
    }

    private static float[] imageFeature(Path file) {
        int side = TinySet.CONFIG.imageResolution();
        ByteBuffer pixels = ByteBuffer.allocateDirect(side * side * 3);
        try (ImageLoader loader = new ImageLoader(ImageTransform.clip(side)); NativeScope scope = NativeScope.withoutGradients()) {
            loader.load(file, pixels, 0);
            NDArray image = model.manager().create(pixels, new Shape(1, side, side, 3), DataType.UINT8);
            return unit(model.encodeImage(image, BatchStatistics.EVAL));
        }
    }

    private static float[] captionFeature(String caption) {
        try (NativeScope scope = NativeScope.withoutGradients()) {
            int length = TinySet.CONFIG.contextLength();
            return unit(model.encodeText(model.manager().create(TOKENIZER.tokenize(caption, length), new Shape(1, length))));
        }
    }

    private static float[] unit(NDArray feature) {
        return TensorCopy.toHost(CosineSimilarity.normalize(feature)).toFloatArray();
    }

    private static float[] row(HostTensor matrix, int row) {
        int width = (int) matrix.shape()[1];
        float[] values = new float[width];
        matrix.data().asFloatBuffer().get(row * width, values);
        return values;
    }
}
