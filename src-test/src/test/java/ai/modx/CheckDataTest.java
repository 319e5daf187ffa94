package ai.modx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.cli.Modx;
import ai.modx.data.BrokenImages;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code modx check-data} on data with every defect, once. */
class CheckDataTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path dir;

    private TinyData data;

    @BeforeEach
    void draw() throws IOException {
        data = TinyData.draw(dir);
    }

    @Test
    void soundDataHaveNoProblems() {
        assertThat(check("--annotation_file", data.cocoJson().toString(), "--img_dir", data.cocoImages().toString(),
                "--annotation_file", data.flickrJson().toString(), "--img_dir", data.flickrImages().toString(),
                "--image_folder", dir.resolve("data/folder/train").toString()))
                .isEqualTo(new Outcome(0, data.cocoJson() + ": 12 images with 60 captions\n" + data.flickrJson() + ": 15 images with 75 captions\n"
                        + dir.resolve("data/folder/train") + ": 12 images\nNo problems found\n", ""));
    }

    @Test
    void everyDefectIsCountedAndNamedByTheBuiltCommand() throws Exception {
        breakEverything();
        Path list = dir.resolve("problems.txt");
        Path out = dir.resolve("problems.json");
        Process process = new ProcessBuilder(Path.of(System.getProperty("project.root"), "scripts", "modx").toString(), "check-data", "-q",
                "--annotation_file", data.cocoJson().toString(), "--img_dir", data.cocoImages().toString(), "--image_folder",
                dir.resolve("data/folder/train").toString(), "--list", list.toString(), "--out", out.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String screen = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(screen).isEqualTo(3);
        assertThat(screen).startsWith(data.cocoJson() + ": 13 images with 64 captions\n" + dir.resolve("data/folder/train") + ": 12 images\n\n"
                + "      1  image that does not exist  (training fails)\n"
                + "      1  folder or device in place of an image  (training fails)\n"
                + "      1  image of 0 bytes  (training fails)\n"
                + "      1  image that is neither JPEG nor PNG  (training fails)\n"
                + "      1  image that ends too early  (training fails)\n"
                + "      1  image that cannot be decoded  (training fails)\n"
                + "      1  image with more pixels than are decoded  (training fails)\n"
                + "      4  entry that cannot be understood  (training fails)\n"
                + "      1  image id that occurs twice  (training fails)\n"
                + "      1  class without an image  (training fails)\n"
                + "      1  image without a caption, left out\n"
                + "      1  caption of an image that is not listed, left out\n"
                + "      1  image file that is listed twice\n"
                + "      1  image file with the content of another\n"
                + "      1  caption that an image has twice\n"
                + "      1  caption without a word\n"
                + "      1  caption that is too long and will be cut\n\n");
        List<String> problems = Files.readAllLines(list);
        assertThat(problems).hasSize(20).contains(data.cocoJson() + ": images[14] has no 'id'", data.cocoJson()
                + ": annotations[63] (image 997).caption is null, not a text",
                data.cocoJson() + ": caption of image 999, which is not listed: orphan");
        assertThat(screen).endsWith("\n\n" + String.join("\n", problems) + "\n");
        JsonNode json = JSON.readTree(out.toFile());
        assertThat(json.get("training_fails").asBoolean()).isTrue();
        assertThat(json.get("problems")).hasSize(problems.size());
        assertThat(json.at("/counts/broken_entry").asInt()).isEqualTo(4);
        assertThat(json.at("/data/0/images").asInt()).isEqualTo(13);
    }

    @Test
    void whatTrainingLeavesOutIsNoFailure() throws IOException {
        ObjectNode coco = (ObjectNode) JSON.readTree(data.cocoJson().toFile());
        ((ArrayNode) coco.get("annotations")).addObject().put("image_id", 999).put("caption", "orphan");
        JSON.writeValue(data.cocoJson().toFile(), coco);
        Outcome outcome = check("--annotation_file", data.cocoJson().toString(), "--img_dir", data.cocoImages().toString());
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("      1  caption of an image that is not listed, left out\n");
    }

    @Test
    void filesThatCannotBeReadAtAllAreProblemsToo() throws IOException {
        Path half = Files.writeString(dir.resolve("half.json"), Files.readString(data.flickrJson()).substring(0, 700));
        Outcome outcome = check("--annotation_file", half.toString(), "--img_dir", data.flickrImages().toString(),
                "--annotation_file", dir.toString(), "--img_dir", dir.toString(), "--image_folder", dir.resolve("none").toString());
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.out()).contains("      3  annotation file or folder that cannot be used  (training fails)\n",
                half + ": malformed JSON at line ", dir + ": is a folder. Expected a JSON file with image annotations\n",
                dir.resolve("none") + ": --image_folder " + dir.resolve("none") + " is not a folder.");
    }

    @Test
    void theScreenShowsTheFirstTwenty() throws IOException {
        try (Stream<Path> files = Files.list(data.cocoImages())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Outcome outcome = check("--annotation_file", data.cocoJson().toString(), "--img_dir", data.cocoImages().toString(),
                "--annotation_file", data.cocoJson().toString(), "--img_dir", data.cocoImages().toString());
        assertThat(outcome.out()).contains("     24  image that does not exist").endsWith("\nand 4 more; --list FILE writes all\n");
    }

    @Test
    void refusesFlagsThatDoNotBelongTogether() {
        assertThat(check()).isEqualTo(new Outcome(2, "", "modx check-data: Nothing to check: give --annotation_file and --img_dir, or --image_folder\n"));
        assertThat(check("--annotation_file", "a.json")).isEqualTo(new Outcome(2, "", "modx check-data: --annotation_file is given once and --img_dir not at all. "
                + "Give each of them once for every data set\n"));
        assertThat(check("--image_folder", "a", "--num_workers", "0").err()).isEqualTo("modx check-data: --num_workers 0: expected 1 or more\n");
    }

    private static Outcome check(String... flags) {
        List<String> arguments = new ArrayList<>(List.of("check-data", "-q"));
        arguments.addAll(Arrays.asList(flags));
        return Outcome.of(new Modx(), arguments);
    }

    private void breakEverything() throws IOException {
        ObjectNode coco = (ObjectNode) JSON.readTree(data.cocoJson().toFile());
        ArrayNode images = (ArrayNode) coco.get("images");
        ArrayNode captions = (ArrayNode) coco.get("annotations");
        List<Path> files = new ArrayList<>();
        images.forEach(image -> files.add(data.cocoImages().resolve(image.get("file_name").asText())));
        BrokenImages.breakImages(files);
        Files.copy(files.get(10), files.get(11), StandardCopyOption.REPLACE_EXISTING);

        images.addObject().put("id", images.get(3).get("id").asLong()).put("file_name", "again.jpg");
        images.addObject().put("id", 997).put("file_name", images.get(10).get("file_name").asText());
        images.addObject().put("file_name", "no_id.jpg");
        images.addObject().put("id", 998).put("file_name", "no_caption.jpg");
        images.add(7);
        captions.addObject().put("image_id", 997).put("caption", "listed twice");
        captions.addObject().put("image_id", 999).put("caption", "orphan");
        captions.addArray().add(1);
        captions.addObject().put("image_id", 997).putNull("caption");
        captions.addObject().put("image_id", 997).put("caption", " ");
        captions.addObject().put("image_id", 997).put("caption", "word ".repeat(90));
        captions.addObject().put("image_id", 997).put("caption", "listed twice");
        JSON.writeValue(data.cocoJson().toFile(), coco);
        Files.createDirectory(dir.resolve("data/folder/train/empty class"));
    }
}
