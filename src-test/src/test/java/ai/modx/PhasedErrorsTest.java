package ai.modx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.checkpoint.CheckpointContents;
import ai.modx.checkpoint.CheckpointWriter;
import ai.modx.cli.CommandRunner;
import ai.modx.data.sample.SampleData;
import ai.modx.data.sample.SampleSettings;
import ai.modx.model.ClipParameters;
import ai.modx.model.ModelTable;
import ai.modx.modxtrain.ModXTrain;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What training in phases says of wrong flags and data: one sentence, and nothing is written. */
class PhasedErrorsTest {

    @TempDir
    static Path shared;
    private static Path start;

    @TempDir
    Path dir;

    @BeforeAll
    static void makeDataAndModel() {
        new SampleData(new SampleSettings(7, 1, 32)).write(shared.resolve("data")); // 8 pictures to train on: 1, 2, 1, 2, 2
        start = shared.resolve("start.pt");
        CheckpointWriter.write(start, new CheckpointContents(0, 0,
                ClipParameters.initialState(ModelTable.bundled().get("tiny_vit"), 1), Optional.empty(), Map.of()));
    }

    @Test
    void phasesThatDoNotExist() {
        assertRefused(2, "--start 3 --end 2: expected 0 <= start < end <= 5, the number of phases", "--alpha", "20", "--start", "3", "--end", "2");
        assertRefused(2, "--start 0 --end 9: expected 0 <= start < end <= 5, the number of phases", "--alpha", "20", "--end", "9");
    }

    @Test
    void aPhaseWithoutAPair() {
        String message = "Phase 1 of 5 would have 1 of the 8 images of dataset_flickr30k: training needs at least 2. Use fewer phases or more data";
        assertRefused(3, message, "--alpha", "20", "--start", "0", "--end", "1");
        assertRefused(3, message, "--alpha", "20", "--all_phases");
    }

    @Test
    void aCheckpointOfAnotherArchitecture() {
        assertRefused(5, start + " does not fit tiny_rn: ", "--alpha", "20", "--start", "1", "--model_name", "tiny_rn");
    }

    @Test
    void noAlpha() {
        assertRefused(2, "--alpha is required (weight of the alignment loss; published: 20, at a global batch of 280)", "--start", "1");
    }

    @Test
    void theFolderOfAnotherRun() throws IOException {
        Path other = Files.createDirectory(shared.resolve("other"));
        Files.createFile(other.resolve("stats.txt"));
        assertRefused(2, "--train_dir " + other + " already holds a run (stats.txt). Choose another folder; --all_phases continues only what it began",
                "--alpha", "20", "--all_phases", "--train_dir", other.toString());
    }

    @Test
    void splitsOfAFileThatHasNone() {
        Path coco = shared.resolve("data/coco/annotations/captions_train2014.json");
        assertRefused(2, "--train_splits train,val: COCO's format has no splits, and all images of " + coco + " are used. Leave the flag out", "--alpha", "20",
                "--train_splits", "train,val", "--train_annotation_file", coco.toString());
    }

    private void assertRefused(int exitCode, String message, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-q", "--devices", "cpu", "--checkpoint_path", start.toString(),
                "--train_img_dir", shared.resolve("data/flickr/flickr30k-images").toString()));
        Map<String, String> defaults = Map.of("--train_dir", dir.resolve("run").toString(), "--model_name", "tiny_vit",
                "--train_annotation_file", shared.resolve("data/flickr/dataset_flickr30k.json").toString());
        defaults.forEach((flag, value) -> {
            if (!all.contains(flag)) {
                all.addAll(List.of(flag, value));
            }
        });
        StringWriter errors = new StringWriter();

        assertThat(CommandRunner.run(new PrintWriter(new StringWriter()), new PrintWriter(errors), new ModXTrain(), all.toArray(String[]::new)))
                .isEqualTo(exitCode);
        assertThat(errors.toString()).startsWith("modx-train: " + message);
        assertThat(errors.toString().lines().filter(line -> !line.startsWith("Run 'modx-train --help'"))).hasSize(1);
        assertThat(dir).isEmptyDirectory();
    }
}
