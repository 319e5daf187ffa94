package ai.modx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.modx.checkpoint.CheckpointFile;
import ai.modx.cli.Modx;
import ai.modx.data.BrokenImages;
import ai.modx.data.Defect;
import ai.modx.jointtrain.JointTrain;
import ai.modx.lineareval.LinearEval;
import ai.modx.modxtrain.ModXTrain;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data sets with broken images of every kind: refused at once, or trained through to the same bits. */
@Tag("slow")
class BadImagesTest {

    private static final int IMAGES = 60;
    private static final String[] SKIP = {"--on_bad_image", "skip"};

    @TempDir
    static Path shared;

    @TempDir
    Path dir;

    private static TinyData data;
    private static Map<Path, Defect> coco;
    private static Map<Path, Defect> flickr;
    private static Path start;
    /** Of the joint run that nothing interrupted. */
    private static byte[] whole;

    @BeforeAll
    static void drawAndBreakAndTrain() throws IOException {
        TinyData.draw(shared);
        Path folder = Files.createDirectory(shared.resolve("broken"));
        assertThat(Outcome.of(new Modx(), List.of("sample-data", "-q", "--out", folder.resolve("data").toString(), "--images", IMAGES + "",
                "--image_size", "32")).exitCode()).isZero();
        Files.copy(shared.resolve("models.yaml"), folder.resolve("models.yaml"));
        data = new TinyData(folder);
        coco = breakImages(data.cocoImages());
        flickr = breakImages(data.flickrImages());
        Path run = shared.resolve("whole");
        assertThat(joint(run, SKIP)).isEqualTo(new Outcome(0, "", ""));
        start = run.resolve("checkpoint_final.pt");
        whole = Files.readAllBytes(start);
    }

    /** Of the training images every sixth, so that they lie in several phases. */
    private static Map<Path, Defect> breakImages(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> images = files.sorted().toList();
            return BrokenImages.breakImages(images.stream().filter(image -> images.indexOf(image) % 6 == 2).toList());
        }
    }

    @Test
    void everyBadImageIsMetAndCountedOnce() throws IOException {
        List<Integer> counts = counts(shared.resolve("whole/metrics.jsonl"));
        assertThat(counts).isSorted().hasSize(18).endsWith(coco.size());
        assertThat(counts.get(0)).isLessThan(coco.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "4"})
    void theSameRunGivesTheSameBitsForAnyNumberOfWorkers(String workers) throws IOException {
        Path run = dir.resolve("run");
        assertThat(joint(run, "--on_bad_image", "skip", "--num_workers", workers).exitCode()).isZero();
        assertThat(Files.readAllBytes(run.resolve("checkpoint_final.pt"))).isEqualTo(whole);
        assertThat(counts(run.resolve("metrics.jsonl"))).isEqualTo(counts(shared.resolve("whole/metrics.jsonl")));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7})
    void aContinuedRunMeetsTheSameReplacements(int steps) throws IOException {
        Path run = dir.resolve("run");
        assertThat(joint(run, "--on_bad_image", "skip", "--max_steps", steps + "").exitCode()).isZero();
        assertThat(joint(run, "--on_bad_image", "skip", "--resume", "latest").exitCode()).isZero();
        assertThat(Files.readAllBytes(run.resolve("checkpoint_final.pt"))).isEqualTo(whole);
        assertThat(counts(run.resolve("metrics.jsonl"))).isEqualTo(counts(shared.resolve("whole/metrics.jsonl")));
    }

    @Test
    void failingIsTheDefaultAndListsThemBeforeAnythingIsWritten() {
        Path run = dir.resolve("run");
        Outcome outcome = joint(run);
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).startsWith("joint-train: 6 of 60 images cannot be used:\n").endsWith("--on_bad_image skip\n").hasLineCount(8);
        coco.forEach((file, defect) -> assertThat(outcome.err().contains(file.toString())).as(file + " " + defect)
                .isEqualTo(defect != Defect.UNDECODABLE_IMAGE));
        assertThat(run).doesNotExist();
    }

    @Test
    void whatOnlyDecodingFindsFailsWhenItIsMetAndTheRunGoesOnWithSkip() throws IOException {
        Path images = Files.createDirectory(dir.resolve("images"));
        Path bad = coco.keySet().stream().filter(file -> coco.get(file) == Defect.UNDECODABLE_IMAGE).findFirst().orElseThrow();
        for (JsonNode image : new ObjectMapper().readTree(data.cocoJson().toFile()).get("images")) {
            Path file = data.cocoImages().resolve(image.get("file_name").asText());
            Files.copy(coco.containsKey(file) && !file.equals(bad) ? firstWhole() : file, images.resolve(file.getFileName()));
        }
        Path run = dir.resolve("run");
        Outcome outcome = joint(run, "--coco_train_img_dir", images.toString(), "--save_steps", "1");
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).startsWith("joint-train: Image " + images.resolve(bad.getFileName()) + " cannot be decoded: ")
                .endsWith(" Or train without such images: --on_bad_image skip\n");

        assertThat(joint(run, "--coco_train_img_dir", images.toString(), "--resume", "latest", "--on_bad_image", "skip").exitCode()).isZero();
        assertThat(joint(dir.resolve("skipping"), "--coco_train_img_dir", images.toString(), "--on_bad_image", "skip").exitCode()).isZero();
        assertThat(Files.readAllBytes(run.resolve("checkpoint_final.pt"))).isEqualTo(Files.readAllBytes(dir.resolve("skipping/checkpoint_final.pt")));
    }

    @Test
    void moreThanAllowedEndTheRun() {
        Outcome early = joint(dir.resolve("early"), "--on_bad_image", "skip", "--max_bad_images", "5");
        assertThat(early.exitCode()).isEqualTo(3);
        assertThat(early.err()).startsWith("joint-train: 6 of 60 images cannot be used, more than the 5 of --max_bad_images:\n");
        assertThat(dir.resolve("early")).doesNotExist();

        Outcome late = joint(dir.resolve("late"), "--on_bad_image", "skip", "--max_bad_images", "6");
        assertThat(late.exitCode()).isEqualTo(3);
        assertThat(late.err()).startsWith("joint-train: 7 images that cannot be used were met, more than the 6 of --max_bad_images:\n");
        assertThat(dir.resolve("late/checkpoint_final.pt")).doesNotExist();
    }

    @Test
    void evaluationLeavesNothingOut() {
        Outcome outcome = joint(dir.resolve("run"), "--on_bad_image", "skip", "--eval_name", "flickr30k", "--eval_annotation_file", data.flickrJson().toString(),
                "--eval_img_dir", data.flickrImages().toString(), "--eval_split", "train");
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).contains(" images to evaluate on cannot be used:\n").endsWith("Repair it, evaluation leaves nothing out\n");
    }

    @Test
    void theTeacherSeesTheReplacementThatTheStudentSees() throws IOException {
        assertThat(modx("once").exitCode()).isZero();
        assertThat(modx("every_step").exitCode()).isZero();
        int met = 0;
        for (String phase : List.of("phase_1", "phase_2")) {
            List<JsonNode> once = lines(dir.resolve("once").resolve(phase).resolve("metrics.jsonl"));
            List<JsonNode> each = lines(dir.resolve("every_step").resolve(phase).resolve("metrics.jsonl"));
            assertThat(once).hasSameSizeAs(each).hasSizeGreaterThan(4);
            for (int step = 0; step < once.size(); step++) {
                assertThat(once.get(step).get("loss_distill").asDouble()).isCloseTo(each.get(step).get("loss_distill").asDouble(),
                        within(1e-5));
            }
            met += once.get(0).get("bad_images").asInt();
        }
        assertThat(met).as("the teacher meets all of them before the first step").isEqualTo(flickr.size());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void linearEvaluationGoesOnWithoutThemToo(boolean cached) throws IOException {
        Path folder = dir.resolve("folder");
        Path root = data.folder().resolve("data/folder");
        copyTree(root, folder);
        try (Stream<Path> files = Files.walk(folder.resolve("train"))) {
            List<Path> images = files.filter(Files::isRegularFile).sorted().toList();
            BrokenImages.breakImages(images.stream().filter(image -> images.indexOf(image) % 5 == 1).toList());
        }
        assertThat(linear("refused", folder, cached).err()).contains(" images cannot be used:\n");
        assertThat(linear("whole", folder, cached, SKIP)).isEqualTo(new Outcome(0, "", ""));
        assertThat(linear("parts", folder, cached, "--on_bad_image", "skip", "--max_steps", "3").exitCode()).isZero();
        assertThat(linear("parts", folder, cached, SKIP).exitCode()).isZero();
        assertThat(weights("parts")).isEqualTo(weights("whole"));
        // What is missing, or a folder, is not among the files of a folder.
        assertThat(linearCounts("parts")).isEqualTo(linearCounts("whole")).isSorted().endsWith("5");
    }

    private float[] weights(String run) {
        return CheckpointFile.read(dir.resolve(run).resolve("checkpoint.pth")).root().get("classifier").get("weight").asTensor().load().toFloatArray();
    }

    private List<String> linearCounts(String run) throws IOException {
        List<String> counts = new ArrayList<>();
        for (String line : Files.readAllLines(dir.resolve(run).resolve("stats.txt"))) {
            if (line.contains("\"bad_images\"")) {
                counts.add(new ObjectMapper().readTree(line).get("bad_images").asText());
            }
        }
        return counts;
    }

    private Outcome linear(String run, Path folder, boolean cached, String... more) {
        List<String> arguments = new ArrayList<>(List.of("-q", "--cnn", start.toString(), "--model_config", data.models().toString(), "--train_dir",
                folder.resolve("train").toString(), "--val_dir", folder.resolve("val").toString(), "--batch-size", "32", "--epochs", "3", "--workers", "1",
                "--devices", "cpu", "--print-freq", "1", "--checkpoint-dir", dir.resolve(run).toString()));
        if (cached) {
            arguments.add("--cache_features");
        }
        arguments.addAll(List.of(more));
        return Outcome.of(new LinearEval(), arguments);
    }

    private Outcome modx(String teacher) {
        return Outcome.of(new ModXTrain(), List.of("-q", "--alpha", "20", "--model_config", data.models().toString(), "--model_name", "vit",
                "--checkpoint_path", start.toString(), "--all_phases", "--num_phases", "2", "--num_train_epochs", "2", "--per_gpu_train_batch_size", "8",
                "--train_annotation_file", data.flickrJson().toString(), "--train_img_dir", data.flickrImages().toString(), "--devices", "cpu",
                "--num_workers", "1", "--train_splits", "train", "--on_bad_image", "skip", "--teacher_features", teacher,
                "--train_dir", dir.resolve(teacher).toString()));
    }

    private static Outcome joint(Path run, String... more) {
        List<String> arguments = data.training(run, "vit", 3);
        arguments.set(arguments.indexOf("--per_gpu_train_batch_size") + 1, "10");
        for (int i = 0; i < more.length; i += 2) {
            int given = arguments.indexOf(more[i]);
            if (given >= 0) {
                arguments.set(given + 1, more[i + 1]);
            } else {
                arguments.addAll(Arrays.asList(more).subList(i, i + 2));
            }
        }
        return Outcome.of(new JointTrain(), arguments);
    }

    private static Path firstWhole() throws IOException {
        try (Stream<Path> files = Files.list(data.cocoImages())) {
            return files.sorted().findFirst().orElseThrow();
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    private static List<Integer> counts(Path metrics) throws IOException {
        return lines(metrics).stream().map(line -> line.get("bad_images").asInt()).toList();
    }
}
