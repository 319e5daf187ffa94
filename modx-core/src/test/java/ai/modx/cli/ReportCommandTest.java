package ai.modx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.checkpoint.CheckpointContents;
import ai.modx.checkpoint.CheckpointWriter;
import ai.modx.data.sample.SampleData;
import ai.modx.data.sample.SampleSettings;
import ai.modx.model.ClipParameters;
import ai.modx.model.ModelTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {

    private static final String MODEL = """
            micro:
              {embed_dim: 16, image_resolution: 32, vision_layers: 1, vision_width: 64, vision_patch_size: 16,
               context_length: 24, vocab_size: 49408, transformer_width: 64, transformer_heads: 1, transformer_layers: 1}
            """;

    @TempDir
    Path dir;

    private Path run;

    @BeforeEach
    void writeARun() throws IOException {
        run = Files.createDirectories(dir.resolve("run"));
        Files.writeString(run.resolve("run.json"), "{\"command\":\"joint-train\"}");
        Files.writeString(run.resolve("metrics.jsonl"), "{\"global_step\":1,\"loss\":2.5}\n{\"global_step\":2,\"loss\":1.5}\n");
    }

    @Test
    void writesAPageOfTwoRuns() throws IOException {
        Path out = dir.resolve("out.html");

        Shell.Result result = report(run.toString(), "again=" + run, "--out", out.toString());

        assertThat(result).isEqualTo(new Shell.Result(0, "Wrote " + out + "\n", ""));
        assertThat(out).content().contains("run: 2 values, first 2.5, last 1.5", "again: 2 values");
    }

    @Test
    void showsTheImagesThatAModelFinds() throws IOException {
        new SampleData(new SampleSettings(8, 1, 32)).write(dir.resolve("data"));
        Path table = Files.writeString(dir.resolve("models.yaml"), MODEL);
        Path checkpoint = dir.resolve("c.pt");
        CheckpointWriter.write(checkpoint, new CheckpointContents(0, 0, ClipParameters.initialState(ModelTable.read(table).get("micro"), 1), Optional.empty(), Map.of()));
        Path out = dir.resolve("out.html");

        Shell.Result result = report(run.toString(), "--out", out.toString(), "--checkpoint_path", checkpoint.toString(), "--model_config", table.toString(),
                "--captions", "3", "--devices", "cpu", "--num_workers", "0", "--eval_name", "coco",
                "--eval_annotation_file", dir.resolve("data/coco/dataset_coco.json").toString(), "--eval_img_dir", dir.resolve("data/coco").toString(),
                "--eval_split", "train");

        assertThat(result.err()).isEmpty();
        String page = Files.readString(out);
        assertThat(page.split("<q>")).hasSize(1 + 3);
        assertThat(page.split("<img src=\"data:image/jpeg;base64,")).hasSize(1 + 3 * 5);
        assertThat(page).contains(" – right image at rank ");
    }

    @Test
    void mistakesAreSentences() throws IOException {
        String out = dir.resolve("out.html").toString();
        String expected = ". Expected the --train_dir of a training command or the --checkpoint-dir of linear-eval";
        assertMistake(2, dir + " holds no run: there is no metrics.jsonl, stats.txt or phase_1" + expected, dir.toString(), "--out", out);
        assertMistake(2, dir.resolve("nix") + " does not exist" + expected, dir.resolve("nix").toString(), "--out", out);
        assertMistake(2, "Two runs are called run. Name them: NAME=" + run, run.toString(), run.toString(), "--out", out);
        assertMistake(2, "--out " + dir + " is a folder; name a file in it", run.toString(), "--out", dir.toString());
        Path log = run.resolve("stats.txt");
        assertMistake(2, "--out " + log + ": expected a name that ends in .html or .htm, the format that is written", run.toString(), "--out", log.toString());
        assertMistake(2, "--captions 0: expected 1 or more", run.toString(), "--out", out, "--captions", "0");
        assertMistake(2, "--checkpoint_path finds images for captions: give test data with --eval_name, --eval_annotation_file and --eval_img_dir",
                run.toString(), "--out", out, "--checkpoint_path", "c.pt");
        assertMistake(2, "--eval_name is for --checkpoint_path: give the model that is to find images", run.toString(), "--out", out,
                "--eval_name", "a", "--eval_annotation_file", "b", "--eval_img_dir", "c");
        assertMistake(3, dir.resolve("r.json") + ": no such file. Expected the results of several checkpoints, as 'modx retrieval --out_dir' writes them",
                run.toString(), "--out", out, "--results", dir.resolve("r.json").toString());
        Path empty = Files.writeString(dir.resolve("e.json"), "[]");
        assertMistake(3, empty + " cannot be read: There is no method to compare. Expected the results of several checkpoints, as 'modx retrieval --out_dir' writes them",
                run.toString(), "--out", out, "--results", empty.toString());
        assertThat(Path.of(out)).doesNotExist();
    }

    private static void assertMistake(int exitCode, String message, String... arguments) {
        assertThat(report(arguments)).isEqualTo(new Shell.Result(exitCode, "", "modx report: " + message + "\n"));
    }

    private static Shell.Result report(String... arguments) {
        return Shell.run(new Modx(), Stream.concat(List.of("report", "-q").stream(), Stream.of(arguments)).toArray(String[]::new));
    }
}
