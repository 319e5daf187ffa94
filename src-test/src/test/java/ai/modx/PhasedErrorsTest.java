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
import java.io.PrintWriter;
import java.io.StringWriter;
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

    private void assertRefused(int exitCode, String message, String... arguments) {
        List<String> all = new ArrayList<>(List.of("-q", "--devices", "cpu", "--checkpoint_path", start.toString(), "--train_dir", dir.resolve("run").toString(),
                "--train_img_dir", shared.resolve("data/flickr/flickr30k-images").toString(),
                "--train_annotation_file", shared.resolve("data/flickr/dataset_flickr30k.json").toString()));
        all.addAll(List.of(arguments));
        if (!all.contains("--model_name")) {
            all.addAll(List.of("--model_name", "tiny_vit"));
        }
        StringWriter errors = new StringWriter();

        assertThat(CommandRunner.run(new PrintWriter(new StringWriter()), new PrintWriter(errors), new ModXTrain(), all.toArray(String[]::new)))
                .isEqualTo(exitCode);
        assertThat(errors.toString()).startsWith("modx-train: " + message);
        assertThat(errors.toString().lines().filter(line -> !line.startsWith("Run 'modx-train --help'"))).hasSize(1);
        assertThat(dir).isEmptyDirectory();
    }
}
