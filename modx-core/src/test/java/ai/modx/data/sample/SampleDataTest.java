package ai.modx.data.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.modx.config.ConfigException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleDataTest {

    @TempDir
    private Path folder;

    @Test
    void cocoAnnotationsPointFromCaptionsToPicturesOnDisk() throws IOException {
        Path coco = generate("a", 20, 1).resolve("coco");
        JsonNode train = json(coco.resolve("annotations/captions_train2014.json"));

        Map<Integer, List<String>> captions = new TreeMap<>();
        Set<Integer> ids = new HashSet<>();
        for (JsonNode annotation : train.get("annotations")) {
            captions.computeIfAbsent(annotation.get("image_id").asInt(), id -> new ArrayList<>())
                    .add(annotation.get("caption").asText());
            assertThat(ids.add(annotation.get("id").asInt())).isTrue();
        }
        assertThat(train.get("images")).hasSize(20).allSatisfy(image -> {
            assertThat(coco.resolve("train2014").resolve(image.get("file_name").asText())).isRegularFile();
            assertThat(captions.get(image.get("id").asInt())).hasSize(5);
        });
        assertThat(train.at("/images/0/file_name").asText()).isEqualTo("COCO_train2014_000000000001.jpg");
    }

    @Test
    void karpathysCocoFileTellsTheFolderOfEverySplit() throws IOException {
        Path coco = generate("a", 20, 1).resolve("coco");
        JsonNode dataset = json(coco.resolve("dataset_coco.json"));

        assertThat(dataset.get("dataset").asText()).isEqualTo("coco");
        assertThat(splits(dataset)).isEqualTo(Map.of("train", 20, "test", 4));
        assertThat(dataset.get("images")).allSatisfy(image -> {
            String filepath = image.get("filepath").asText();
            assertThat(filepath).isEqualTo(image.get("split").asText().equals("train") ? "train2014" : "val2014");
            assertThat(coco.resolve(filepath).resolve(image.get("filename").asText())).isRegularFile();
        });
    }

    @Test
    void karpathysFlickrFileNumbersItsSentences() throws IOException {
        Path flickr = generate("a", 20, 1).resolve("flickr");
        JsonNode dataset = json(flickr.resolve("dataset_flickr30k.json"));

        assertThat(splits(dataset)).isEqualTo(Map.of("train", 20, "val", 2, "test", 4));
        int sentence = 0;
        int index = 0;
        for (JsonNode image : dataset.get("images")) {
            assertThat(flickr.resolve("flickr30k-images").resolve(image.get("filename").asText())).isRegularFile();
            assertThat(image.get("imgid").asInt()).isEqualTo(index);
            assertThat(image.get("sentences")).hasSize(5);
            for (int i = 0; i < 5; i++, sentence++) {
                assertThat(image.at("/sentids/" + i).asInt()).isEqualTo(sentence);
                assertThat(image.at("/sentences/" + i + "/sentid").asInt()).isEqualTo(sentence);
                assertThat(image.at("/sentences/" + i + "/imgid").asInt()).isEqualTo(index);
                assertThat(image.at("/sentences/" + i + "/tokens")).noneMatch(token -> token.asText().isBlank());
            }
            index++;
        }
    }

    @Test
    void folderHasTheSameClassesInTrainingAndValidation() throws IOException {
        Path images = generate("a", 25, 1).resolve("folder");

        assertThat(names(images.resolve("train"))).hasSize(Figure.values().length).isEqualTo(names(images.resolve("val")));
        assertThat(files(images.resolve("train"))).hasSize(25);
        assertThat(files(images.resolve("val"))).hasSize(10);
    }

    @Test
    void picturesAreColourJpegsOfTheGivenSize() throws IOException {
        Path root = folder.resolve("sized");
        new SampleData(new SampleSettings(2, 1, 48)).write(root);

        List<Path> pictures = files(root).keySet().stream().filter(name -> name.endsWith(".jpg")).map(root::resolve).toList();
        assertThat(pictures).isNotEmpty().allSatisfy(file -> {
            assertThat(Files.readAllBytes(file)).startsWith(0xff, 0xd8, 0xff);
            BufferedImage picture = ImageIO.read(file.toFile());
            assertThat(List.of(picture.getWidth(), picture.getHeight(), picture.getColorModel().getNumComponents()))
                    .isEqualTo(List.of(48, 48, 3));
        });
    }

    @Test
    void equalSeedsGiveEqualBytes() throws IOException {
        assertThat(files(generate("a", 12, 5))).isEqualTo(files(generate("b", 12, 5)));
    }

    @Test
    void anotherSeedGivesOtherPictures() throws IOException {
        Map<String, ByteBuffer> some = files(generate("a", 12, 5));
        Map<String, ByteBuffer> others = files(generate("b", 12, 6));

        assertThat(others.keySet()).isEqualTo(some.keySet());
        assertThat(some).noneSatisfy((name, bytes) -> {
            assertThat(name).endsWith(".jpg");
            assertThat(others.get(name)).isEqualTo(bytes);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 11})
    void everyPartHasPicturesAtAnySize(int images) throws IOException {
        Path root = folder.resolve("tiny");
        SampleSummary summary = new SampleData(new SampleSettings(images, 1, 32)).write(root);

        assertThat(splits(json(root.resolve("coco/dataset_coco.json")))).containsOnlyKeys("train", "test")
                .containsEntry("train", images);
        assertThat(splits(json(root.resolve("flickr/dataset_flickr30k.json")))).containsOnlyKeys("train", "val", "test");
        assertThat(names(root.resolve("folder/train"))).isEqualTo(names(root.resolve("folder/val"))).hasSize(summary.classes());
        assertThat(files(root).keySet()).filteredOn(name -> name.endsWith(".jpg")).hasSize(summary.pictures());
    }

    @Test
    void readmeSaysHowItWasMade() throws IOException {
        assertThat(generate("a", 3, 9).resolve("README.txt")).content()
                .contains("scripts/modx sample-data --images 3 --seed 9 --image_size 32").contains("circle, square");
    }

    @Test
    void writesIntoAnEmptyFolder() throws IOException {
        Files.createDirectory(folder.resolve("empty"));

        assertThat(generate("empty", 1, 1).resolve("README.txt")).exists();
    }

    @Test
    void refusesAFolderThatHoldsSomething() throws IOException {
        Files.writeString(folder.resolve("thesis.txt"), "precious");

        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> generate("", 1, 1))
                .withMessage("--out " + folder.resolve("") + " is not empty (it holds thesis.txt); give a new or empty folder.");
        assertThat(folder).isDirectoryNotContaining("glob:**coco");
    }

    @Test
    void refusesAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> generate("file", 1, 1))
                .withMessage("--out " + file + " is a file; give a new or empty folder.");
    }

    @Test
    void aDiskThatRefusesIsNamed() throws IOException {
        Files.writeString(folder.resolve("file"), "");
        Path below = folder.resolve("file").resolve("below");

        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> generate("file/below", 1, 1))
                .withMessageMatching("--out " + below + ": cannot write " + folder + "/\\S+: Not a directory. What was written so far is incomplete; "
                        + "delete it and try again.")
                .withCauseInstanceOf(IOException.class);
    }

    private Path generate(String name, int images, long seed) {
        Path root = folder.resolve(name);
        new SampleData(new SampleSettings(images, seed, 32)).write(root);
        return root;
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    private static Map<String, Integer> splits(JsonNode dataset) {
        Map<String, Integer> counts = new TreeMap<>();
        dataset.get("images").forEach(image -> counts.merge(image.get("split").asText(), 1, Integer::sum));
        return counts;
    }

    private static List<String> names(Path parent) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    /** Path below the root to content, for every file. */
    private static Map<String, ByteBuffer> files(Path root) throws IOException {
        Map<String, ByteBuffer> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path file : paths.filter(Files::isRegularFile).toList()) {
                files.put(root.relativize(file).toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
            }
        }
        return files;
    }
}
