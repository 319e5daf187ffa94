package ai.modx.lineareval;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.data.BrokenImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What linear-eval says, and how it exits, when something is wrong. */
class LinearEvalMistakesTest {

    @TempDir
    Path dir;

    private TinyFolder data;
    private Path run;

    @BeforeEach
    void draw() throws IOException {
        data = TinyFolder.draw(dir);
        run = dir.resolve("run");
    }

    @Test
    void classFolderMissingInVal() throws IOException {
        delete(data.val().resolve("green"));
        fails(3, "--val_dir " + data.val() + " does not have the classes of --train_dir " + data.train() + ": missing green; 3 against 2 folders. "
                + "Both need a folder for every class");
        Files.move(data.val().resolve("red"), data.val().resolve("rot"));
        fails(3, "--val_dir " + data.val() + " does not have the classes of --train_dir " + data.train() + ": missing green (and 1 more); "
                + "unexpected rot; 3 against 2 folders. Both need a folder for every class");
    }

    @Test
    void emptyClass() throws IOException {
        for (Path file : files(data.val().resolve("green"))) {
            Files.delete(file);
        }
        fails(3, "--val_dir " + data.val() + ": class green has no image (bmp, jpeg, jpg, pgm, png, ppm, tif, tiff, webp). Add images, or remove the "
                + "folder from the training and validation data");
    }

    @Test
    void flatValFolder() throws IOException {
        for (Path folder : files(data.val())) {
            for (Path file : files(folder)) {
                Files.move(file, data.val().resolve(file.getFileName()));
            }
            Files.delete(folder);
        }
        fails(3, "--val_dir " + data.val() + " has 9 images, but no class folders. Expected one sub-folder for each class; ImageNet's validation archive "
                + "unpacks flat: sort its images into folders by their labels, as the scripts that are known as valprep do");
    }

    @Test
    void unreadableImage() throws IOException {
        Path image = data.val().resolve("red").resolve("red_1.png");
        Files.writeString(image, "not a picture");
        fails(3, "1 of 9 images to evaluate on cannot be used:\n  " + image + " is neither JPEG nor PNG: it starts with the bytes 6e 6f 74 20 61 20 70 69\n"
                + "'modx check-data' lists all that is wrong with a data set. Repair it, evaluation leaves nothing out", "--on_bad_image", "skip");
    }

    @Test
    void anUnreadableValidationImageDoesNotCostTheEpoch() throws IOException {
        Path image = data.val().resolve("red").resolve("red_1.png");
        byte[] whole = Files.readAllBytes(image);
        Files.write(image, BrokenImages.damagedInside());
        assertThat(TinyFolder.run(data.flags(run, "vit", "--epochs", "1")).exitCode()).isEqualTo(3);
        Files.write(image, whole);
        assertThat(TinyFolder.run(data.flags(run, "vit", "--epochs", "1"))).isEqualTo(new TinyFolder.Outcome(0, ""));
        List<String> stats = Files.readAllLines(run.resolve("stats.txt"));
        assertThat(stats).hasSize(3);
        assertThat(stats.get(1)).contains("\"step\":0");
        assertThat(stats.get(2)).contains("\"acc1\":");
    }

    @Test
    void aTrainingRunIsNotReplaced() throws IOException {
        Files.createDirectories(run);
        Files.writeString(run.resolve("metrics.jsonl"), "{}\n");
        fails(2, "--checkpoint-dir " + run + " holds a training run (metrics.jsonl), whose logs would be replaced; name another folder");
    }

    @Test
    void wrongCheckpoint() throws IOException {
        assertThat(TinyFolder.run(data.flags(run, "ViT-B"))).isEqualTo(failure(5, "--cnn " + dir.resolve("ViT-B.pt")
                + ": there is no such file, and nothing is downloaded. Give a checkpoint: .pt of this toolkit, of the Python original or of OpenAI, "
                + "state dict, safetensors"));
        Files.writeString(dir.resolve("text.pt"), "hello");
        TinyFolder.Outcome outcome = TinyFolder.run(data.flags(run, "text"));
        assertThat(outcome.exitCode()).isEqualTo(5);
        assertThat(outcome.err()).startsWith("linear-eval: Cannot read checkpoint " + dir.resolve("text.pt"));
    }

    @Test
    void aRunOfAnotherBackboneIsNotContinued() {
        assertThat(TinyFolder.run(data.flags(run, "vit", "--epochs", "1")).exitCode()).isZero();
        TinyFolder.Outcome outcome = TinyFolder.run(data.flags(run, "other", "--epochs", "1"));
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).matches("linear-eval: \\S+checkpoint.pth: that run has --cnn with fingerprint [0-9a-f]{8}, this one [0-9a-f]{8}. "
                + "Continue it with the same, accept the difference with --force, or choose another --checkpoint-dir\n");
    }

    @Test
    void aRunGoesOnForMoreEpochsIfForced() throws IOException {
        assertThat(TinyFolder.run(data.flags(run, "vit", "--epochs", "1")).exitCode()).isZero();
        assertThat(TinyFolder.run(data.flags(run, "vit", "--epochs", "2")).exitCode()).isEqualTo(2);
        assertThat(TinyFolder.run(data.flags(run, "vit", "--epochs", "2", "--force")).exitCode()).isZero();
        assertThat(Files.readAllLines(run.resolve("stats.txt")).stream().filter(line -> line.contains("acc1"))).hasSize(2);
    }

    @Test
    void otherTensorsCannotBeForced() {
        assertThat(TinyFolder.run(data.flags(run, "vit", "--epochs", "1")).exitCode()).isZero();
        TinyFolder.Outcome outcome = TinyFolder.run(data.flags(run, "vit", "--epochs", "1", "--force", "--weights", "finetune", "--lr-backbone", "0.1"));
        assertThat(outcome.exitCode()).isEqualTo(5);
        assertThat(outcome.err()).matches("linear-eval: \\S+checkpoint.pth trained (\\d+ classes on \\d+ features), this run trains \\1 and the encoder. "
                + "Choose another --checkpoint-dir\n");
    }

    @Test
    void foreignCheckpointInTheFolder() throws IOException {
        Files.createDirectories(run);
        Files.copy(dir.resolve("vit.pt"), run.resolve("checkpoint.pth"));
        fails(5, run.resolve("checkpoint.pth") + " holds no linear evaluation of this toolkit that could be continued. Choose another --checkpoint-dir, "
                + "or move the file away");
    }

    @Test
    void percentAndList() throws IOException {
        fails(2, "--train-percent 10 needs --train_files LIST: a text file with one image a line, such as SimCLR's imagenet_subsets/10percent.txt; "
                + "nothing is downloaded", "--train-percent", "10");
        fails(2, "--train-percent 5: expected 100, 10 or 1", "--train-percent", "5");
        fails(2, "--train_files list.txt is for --train-percent 10 or 1; leave one of them out", "--train_files", "list.txt");
        Path none = dir.resolve("none.txt");
        fails(3, "--train_files " + none + " cannot be read: it does not exist. Expected a text file with one image a line",
                "--train-percent", "1", "--train_files", none.toString());
        Path list = Files.writeString(dir.resolve("list.txt"), "red_0.png\nblue_9.png\n");
        fails(3, "--train_files " + list + ", line 2: blue_9.png is not in --train_dir " + data.train()
                + ". Expected the name of an image there, or CLASS/NAME",
                "--train-percent", "1", "--train_files", list.toString());
    }

    @Test
    void contradictingFlags() {
        fails(2, "--weights finetune needs --lr-backbone LR above 0: at 0 only batch normalisation would change", "--weights", "finetune");
        fails(2, "--lr-backbone 0.1 has no effect on a frozen encoder; add --weights finetune or leave it out", "--lr-backbone", "0.1");
        fails(2, "--cache_features computes features once, but --weights finetune changes them; leave one of them out",
                "--weights", "finetune", "--lr-backbone", "0.1", "--cache_features");
        fails(2, "--epochs 0: expected 1 or more", "--epochs", "0");
        assertThat(run).doesNotExist();
    }

    @Test
    void divergence() {
        TinyFolder.Outcome outcome = TinyFolder.run(data.flags(run, "vit", "--lr-classifier", "1e38", "--epochs", "3"));
        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).startsWith("linear-eval: The loss became ").contains("lower --lr-classifier or look at the data");
    }

    private void fails(int exitCode, String message, String... flags) {
        assertThat(TinyFolder.run(data.flags(run, "vit", flags))).isEqualTo(failure(exitCode, message));
    }

    private static TinyFolder.Outcome failure(int exitCode, String message) {
        return new TinyFolder.Outcome(exitCode, "linear-eval: " + message + "\n");
    }

    private static void delete(Path folder) throws IOException {
        for (Path file : files(folder)) {
            Files.delete(file);
        }
        Files.delete(folder);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }
}
