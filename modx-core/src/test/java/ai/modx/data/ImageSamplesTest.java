package ai.modx.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.modx.Golden;
import ai.modx.data.image.ImageLoader;
import ai.modx.data.image.ImageTransform;
import ai.modx.text.ClipTokenizer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real pictures and captions through the loader. */
class ImageSamplesTest {

    private static final ClipTokenizer TOKENIZER = ClipTokenizer.load();
    private static final ImageTransform TRANSFORM = ImageTransform.clip(64);
    private static final List<CaptionedImage> IMAGES = List.of(
            image("jpeg_420.jpg", "a", "bb"), image("png_palette.png", "ccc"), image("jpeg_cmyk.jpg", "dddd", "eeeee", "ffffff"));

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void rowsHoldThePictureAndTheChosenCaption(int workers) {
        List<int[]> tokens = new ArrayList<>();
        try (BatchLoader loader = new BatchLoader(samples(IMAGES, CaptionChoice.RANDOM), requests(), workers, 2)) {
            while (loader.hasNext()) {
                try (Batch batch = loader.next()) {
                    tokens.add(batch.tokens());
                    assertThat(batch.images()).isEqualTo(expected(batch.indices()));
                }
            }
        }
        assertThat(tokens).containsExactly(rows(0, 2, 0), rows(1, 1, 2), rows(2, 2, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void aMissingImageIsNamedToTheCaller(int workers) {
        List<CaptionedImage> images = List.of(image("jpeg_420.jpg", "a"), image("absent.jpg", "b"), image("png_rgb.png", "c"));
        try (BatchLoader loader = new BatchLoader(samples(images, CaptionChoice.FIRST), requests(), workers, 2)) {
            loader.next().close();
            assertThatThrownBy(loader::next).isInstanceOf(DataException.class)
                    .hasMessageContaining("absent.jpg does not exist");
        }
    }

    private static Samples samples(List<CaptionedImage> images, CaptionChoice choice) {
        return ImageSamples.captioned(images, new CaptionTokens(TOKENIZER, 8, choice, 11), ImageView.of(TRANSFORM));
    }

    private static int[] rows(int epoch, int... indices) {
        return Arrays.stream(indices).flatMap(index -> {
            List<String> captions = IMAGES.get(index).captions();
            return Arrays.stream(TOKENIZER.tokenize(captions.get(CaptionChoice.RANDOM.choose(11, epoch, index, captions.size())), 8));
        }).toArray();
    }

    private static Iterator<BatchRequest> requests() {
        return List.of(new BatchRequest(0, new int[] {2, 0}), new BatchRequest(1, new int[] {1, 2}),
                new BatchRequest(2, new int[] {2, 0})).iterator();
    }

    private static ByteBuffer expected(int[] indices) {
        ByteBuffer images = ByteBuffer.allocate(indices.length * TRANSFORM.imageBytes());
        try (ImageLoader loader = new ImageLoader(TRANSFORM)) {
            IntStream.range(0, indices.length)
                    .forEach(row -> loader.load(IMAGES.get(indices[row]).file(), images, row * TRANSFORM.imageBytes()));
        }
        return images;
    }

    private static CaptionedImage image(String name, String... captions) {
        Path file = Golden.path("preprocess/images/" + name);
        return new CaptionedImage(file, List.of(captions));
    }
}
