package ai.modx.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnnotationFormatTest {

    private static final Set<String> TEST = Set.of("test");

    @TempDir
    Path dir;

    @BeforeEach
    void makeImages() throws IOException {
        Files.createFile(dir.resolve("a.jpg"));
        Files.createFile(dir.resolve("b.jpg"));
    }

    @Test
    void ofCocosFormatAllImagesCount() throws IOException {
        CaptionDataset data = AnnotationFormat.read(file("""
                {"images": [{"id": 1, "file_name": "a.jpg"}, {"id": 2, "file_name": "b.jpg"}],
                 "annotations": [{"image_id": 1, "caption": "one"}, {"image_id": 2, "caption": "two"}]}"""), dir, TEST);
        assertThat(data.files()).containsExactly(dir.resolve("a.jpg"), dir.resolve("b.jpg"));
    }

    @Test
    void ofKarpathysFormatTheSplitsCount() throws IOException {
        Path file = file("""
                {"images": [{"filename": "a.jpg", "split": "train", "sentences": [{"raw": "one"}]},
                            {"filename": "b.jpg", "split": "test", "sentences": [{"raw": "two"}]}]}""");
        assertThat(AnnotationFormat.read(file, dir, TEST).files()).containsExactly(dir.resolve("b.jpg"));
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> AnnotationFormat.read(file, dir, Set.of("val")))
                .withMessage(file + ": no image is in split 'val'. Images by split: test 1, train 1");
    }

    private Path file(String json) throws IOException {
        return Files.writeString(dir.resolve("captions.json"), json);
    }
}
