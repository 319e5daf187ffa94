package ai.modx.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KarpathyCaptionsTest {

    private static final String FLICKR = """
            {"images": [
              {"filename": "1.jpg", "split": "train", "sentences": [{"raw": "A b .", "tokens": ["a", "b"]}, {"raw": "c"}]},
              {"filename": "2.jpg", "split": "test", "sentences": [{"raw": "d"}]},
              {"filename": "3.jpg", "split": "val", "sentences": [{"raw": "e"}]},
              {"filename": "4.jpg", "split": "train", "sentences": []}],
             "dataset": "flickr30k"}""";

    @TempDir
    Path dir;
    private Path file;

    @BeforeEach
    void nameFile() {
        file = dir.resolve("dataset_flickr30k.json");
    }

    @Test
    void readsRawSentencesOfTheSplitsInFileOrder() {
        CaptionDataset dataset = read(FLICKR, Set.of(KarpathyCaptions.TRAINING_SPLITS.split(",")));

        assertThat(dataset.name()).isEqualTo("dataset_flickr30k");
        assertThat(dataset.items()).containsExactly(
                new CaptionedImage(dir.resolve("1.jpg"), List.of("A b .", "c")),
                new CaptionedImage(dir.resolve("3.jpg"), List.of("e")));
    }

    @Test
    void cocoImagesLieInTheSubFolderThatTheFileNames() {
        CaptionDataset dataset = read("""
                {"images": [{"filepath": "val2014", "filename": "1.jpg", "split": "restval", "sentences": [{"raw": "a"}]},
                            {"filepath": "train2014", "filename": "2.jpg", "split": "train", "sentences": [{"raw": "b"}]}]}""",
                Set.of("restval"));

        assertThat(dataset.items()).extracting(CaptionedImage::file).containsExactly(dir.resolve("val2014").resolve("1.jpg"));
    }

    @Test
    void namesTheSplitsThatExist() {
        fails(FLICKR, Set.of("restval"), "no image is in split 'restval'. Images by split: test 1, train 2, val 1");
    }

    @Test
    void recognisesCocosFormat() {
        fails("{\"images\": [{\"id\": 1, \"file_name\": \"1.jpg\"}], \"annotations\": []}", Set.of("train"),
                "has no 'sentences'; it looks like COCO's format: pass it as --coco_train_annotation_file");
    }

    @Test
    void namesWhatIsMissing() {
        Set<String> train = Set.of("train");
        fails("{}", train, "has no 'images'. Expected dataset_flickr30k.json or another file in Karpathy's format");
        fails("{\"images\": []}", train, "'images' is empty");
        fails("{\"images\": [{\"filename\": \"1.jpg\", \"sentences\": []}]}", train, "images[0] has no 'split'");
        fails("{\"images\": [{\"split\": \"train\", \"sentences\": [{\"raw\": \"a\"}]}]}", train, "images[0] has no 'filename'");
        fails("{\"images\": [{\"split\": \"train\", \"filename\": \"1.jpg\", \"sentences\": [{\"raw\": \"a\"}, {\"tokens\": []}]}]}", train,
                "images[0] (1.jpg).sentences[1] has no 'raw'");
        fails("{\"images\": [{\"split\": \"train\", \"filename\": \"1.jpg\", \"sentences\": [\"a\"]}]}", train,
                "images[0] (1.jpg).sentences[0] is \"a\", not a JSON object");
        fails("{\"images\": [{\"split\": \"train\", \"filename\": \"1.jpg\", \"sentences\": []}]}", train,
                "no image in the splits [train] has a sentence (images there: 1)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "5", "[\"a\"]", "{}"})
    void sentencesThatAreNoTextsAreNamed(String raw) {
        fails("{\"images\": [{\"split\": \"train\", \"filename\": \"1.jpg\", \"sentences\": [{\"raw\": " + raw + "}]}]}", Set.of("train"),
                "images[0] (1.jpg).sentences[0].raw is " + raw + ", not a text");
        fails("{\"images\": [{\"split\": \"train\", \"filename\": \"1.jpg\", \"sentences\": [{\"raw\": \" \"}]}]}", Set.of("train"),
                "images[0], 1.jpg, has only captions without a word");
    }

    @Test
    void aFirstImageWithoutSentencesIsStillKarpathys() throws IOException {
        Files.writeString(file, "{\"images\": [null, {\"split\": \"train\", \"filename\": \"1.jpg\"}]}");
        assertThat(AnnotationFormat.of(file)).isEqualTo(AnnotationFormat.KARPATHY);
        fails("{\"images\": [{\"split\": \"train\", \"filename\": \"1.jpg\"}]}", Set.of("train"), "images[0] (1.jpg) has no 'sentences'");
    }

    @Test
    void moreBehindTheEndIsRefused() {
        fails(FLICKR + "{}", Set.of("train"), "has more behind the end of its JSON document, at line 6, column 25. "
                + "Expected one document: were two files put together?");
    }

    @Test
    void refusesFilesOutsideTheImageFolder() {
        fails("{\"images\": [{\"split\": \"train\", \"filepath\": \"..\", \"filename\": \"1.jpg\", \"sentences\": [{\"raw\": \"a\"}]}]}",
                Set.of("train"), "images[0] names the image '../1.jpg', which is not inside the image folder " + dir
                        + ". Expected a relative name without '..'");
    }

    private CaptionDataset read(String json, Set<String> splits) {
        try {
            Files.writeString(file, json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return KarpathyCaptions.read(file, dir, splits);
    }

    private void fails(String json, Set<String> splits, String message) {
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> read(json, splits)).withMessage(file + ": " + message);
    }
}
