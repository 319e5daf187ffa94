package ai.modx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.checkpoint.CheckpointContents;
import ai.modx.checkpoint.CheckpointWriter;
import ai.modx.data.sample.SampleData;
import ai.modx.data.sample.SampleSettings;
import ai.modx.model.ClipParameters;
import ai.modx.model.ModelTable;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetrievalCommandTest {

    private static final String MODEL = """
            %s:
              embed_dim: 16
              image_resolution: 32
              vision_layers: 1
              vision_width: 64
              vision_patch_size: 16
              context_length: 24
              vocab_size: 49408
              transformer_width: 64
              transformer_heads: %d
              transformer_layers: 1
            """;

    @TempDir
    static Path shared;
    private static Path table;
    private static Path start;
    private static Path run;

    @TempDir
    Path dir;

    @BeforeAll
    static void makeDataAndCheckpoints() throws IOException {
        new SampleData(new SampleSettings(8, 1, 32)).write(shared.resolve("data"));
        table = Files.writeString(shared.resolve("models.yaml"), MODEL.formatted("micro", 1));
        start = save(shared.resolve("start.pt"), 1);
        run = shared.resolve("modx");
        save(run.resolve("phase_1/checkpoint_final.pt"), 2);
        save(run.resolve("phase_2/checkpoint_final.pt"), 3);
    }

    @Test
    void evaluatesOneCheckpointOnSeveralDataSets() throws IOException {
        Path json = dir.resolve("r.json");

        Shell.Result result = retrieval(both(), "--checkpoint_path", start.toString(), "--out", json.toString(), "--folds", "2");

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines().map(line -> line.split("\\|")[1].strip()).filter(cell -> !cell.startsWith("-")))
                .containsExactly("data set", "coco", "coco, mean of 2 folds", "flickr", "flickr, mean of 2 folds");
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertThat(report.fieldNames()).toIterable().containsExactly("coco", "flickr");
        assertThat(report.at("/coco").fieldNames()).toIterable().contains("i2t", "t2i", "images", "captions");
        for (String direction : List.of("i2t", "t2i")) {
            assertThat(report.at("/flickr/" + direction).fieldNames()).toIterable().containsExactly("r1", "r5", "r10", "medr", "meanr");
        }
        assertThat(report.at("/coco/captions").intValue()).isEqualTo(5 * report.at("/coco/images").intValue()).isPositive();
    }

    @Test
    void comparesRunsInPhasesAndBounds() throws IOException {
        Path out = dir.resolve("out");

        Shell.Result result = retrieval(both(), "--run", run.toString(), "--run", "plain=" + run, "--before", start.toString(),
                "--bound", "joint=" + start, "--new_data", "flickr", "--out_dir", out.toString());

        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines().limit(6).map(line -> line.split("\\|")[1].strip()).skip(2))
                .containsExactly("before", "modx", "plain", "joint");
        assertThat(result.out()).contains("| modx, R@1 ", "| phase 2 ", "| forgetting ", "| backward transfer ");
        assertThat(out.resolve("retrieval.txt")).hasContent(result.out());
        JsonNode json = new ObjectMapper().readTree(out.resolve("retrieval.json").toFile());
        assertThat(json.at("/0/stages")).extracting(stage -> stage.get("stage").textValue()).containsExactly("before", "phase 1", "phase 2");
        assertThat(json.at("/0/measures/r1/backward_transfer/columns").fieldNames()).toIterable().containsExactly("coco");
        assertThat(Files.readAllLines(out.resolve("retrieval.csv"))).hasSize(1 + (3 + 3 + 1) * 4);
        assertThat(out.resolve("retrieval.png")).isNotEmptyFile();
    }

    @Test
    void listedCheckpointsAreTheRowsOfAMatrix() {
        Shell.Result result = retrieval(coco("test"), "--checkpoint_path", start.toString(),
                "--checkpoint_path", run.resolve("phase_1/checkpoint_final.pt").toString());

        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("| checkpoints, R@1 ", "| before ", "| phase 1 ");
    }

    @Test
    void flagsThatDoNotBelongTogetherAreRefused() {
        String file = start.toString();
        assertUsage("Nothing to evaluate on: give --eval_name, --eval_annotation_file and --eval_img_dir", List.of(), "--checkpoint_path", file);
        assertUsage("Give what to evaluate: either --checkpoint_path, once or several times, or --run with --before", coco("test"));
        assertUsage("--run needs --before, the checkpoint that phase 1 started from", coco("test"), "--run", run.toString());
        assertUsage("--before is for --run. Among several --checkpoint_path, the first is the model before", coco("test"),
                "--checkpoint_path", file, "--before", file);
        assertUsage("Two methods are called modx. Name them: --run METHOD=DIR, --bound METHOD=FILE", coco("test"),
                "--run", run.toString(), "--bound", "modx=" + file, "--before", file);
        assertUsage("--new_data fickr: expected one of the names of --eval_name, coco", coco("test"), "--checkpoint_path", file, "--new_data", "fickr");
        assertUsage("--out_dir is for several checkpoints. Write the results of one with --out FILE.json", coco("test"),
                "--checkpoint_path", file, "--out_dir", dir.toString());
        assertUsage("--out is for one checkpoint. Write the results of several with --out_dir DIR", coco("test"),
                "--run", run.toString(), "--before", file, "--out", "r.json");
        assertUsage("--out_dir " + file + "/results cannot be created: " + file + " is not a folder. Choose another place", coco("test"),
                "--run", run.toString(), "--before", file, "--out_dir", file + "/results");
        assertUsage("--folds 0: expected 1 or more", coco("test"), "--checkpoint_path", file, "--folds", "0");
    }

    @Test
    void aSplitThatTheFileLacksIsOneSentence() throws IOException {
        Shell.Result result = retrieval(coco("dev"), "--checkpoint_path", start.toString(), "--out", dir.resolve("r.json").toString());

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).hasLineCount(1).startsWith("modx retrieval: ").contains("no image is in split 'dev'. Images by split: test 1, train 8");
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void aCheckpointOfAnotherModelIsRefused() throws IOException {
        Path other = Files.writeString(dir.resolve("other.yaml"), MODEL.formatted("deeper", 1).replace("transformer_layers: 1", "transformer_layers: 2"));

        Shell.Result unknown = Shell.run(new Modx(), arguments(coco("test"), "--checkpoint_path", start.toString(), "--model_config", other.toString()));
        assertThat(unknown.exitCode()).isEqualTo(5);
        assertThat(unknown.err()).isEqualTo("modx retrieval: " + start + " fits no model of " + other + " (deeper); it holds a ViT, width 64, 1 layer, "
                + "patch 16, image 32; transformer, width 64, 1 layer, context 24, vocabulary 49408; embedding 16. "
                + "Give the table that has its model with --model_config\n");

        Shell.Result named = Shell.run(new Modx(), arguments(coco("test"), "--checkpoint_path", start.toString(), "--model_config", other.toString(),
                "--model_name", "deeper"));
        assertThat(named.exitCode()).isEqualTo(5);
        assertThat(named.err()).startsWith("modx retrieval: " + start + " does not fit deeper: ").hasLineCount(1);
    }

    @Test
    void modelsThatDifferInHeadsOnlyMustBeNamed() throws IOException {
        Path two = Files.writeString(dir.resolve("two.yaml"), MODEL.formatted("one", 1) + MODEL.formatted("two", 2));
        String[] arguments = arguments(coco("test"), "--checkpoint_path", start.toString(), "--model_config", two.toString());

        assertThat(Shell.run(new Modx(), arguments)).isEqualTo(new Shell.Result(2, "", "modx retrieval: " + start + " fits one and two of " + two
                + ", which differ in the number of heads only. Choose one with --model_name\n"));
    }

    @Test
    void aLastPhaseThatIsNotFinishedIsLeftOut() throws IOException {
        Path run = dir.resolve("run");
        save(run.resolve("phase_1/checkpoint_final.pt"), 2);
        Files.createDirectories(run.resolve("phase_2"));
        Shell.Result result = retrieval(coco("test"), "--run", run.toString(), "--before", start.toString());
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("phase 1").doesNotContain("phase 2");
    }

    @Test
    void runsMustBeThereAndFinished() throws IOException {
        Path unfinished = dir.resolve("run");
        Files.createDirectories(unfinished.resolve("phase_1"));
        String message = ": phase 1 is not finished (there is no checkpoint_final.pt). Start the command that trains it again\n";
        assertThat(retrieval(coco("test"), "--run", unfinished.toString(), "--before", start.toString()))
                .isEqualTo(new Shell.Result(5, "", "modx retrieval: " + unfinished + message));
        save(unfinished.resolve("phase_2/checkpoint_final.pt"), 2);
        assertThat(retrieval(coco("test"), "--run", unfinished.toString(), "--before", start.toString()).err())
                .as("an earlier phase").isEqualTo("modx retrieval: " + unfinished + message);

        Path gap = dir.resolve("gap");
        save(gap.resolve("phase_1/checkpoint_final.pt"), 2);
        save(gap.resolve("phase_3/checkpoint_final.pt"), 2);
        assertThat(retrieval(coco("test"), "--run", gap.toString(), "--before", start.toString()).err()).isEqualTo("modx retrieval: " + gap
                + ": phase 2 is missing between phase 1 and phase 3. Put its folder back, or evaluate single checkpoints\n");

        Path absent = dir.resolve("absent");
        assertThat(retrieval(coco("test"), "--run", absent.toString(), "--before", start.toString()).err()).isEqualTo("modx retrieval: " + absent
                + " holds no run in phases: there is no phase_1/checkpoint_final.pt. "
                + "Expected a folder that continual-train or modx-train filled with --all_phases\n");
    }

    private void assertUsage(String message, List<String> data, String... arguments) {
        assertThat(retrieval(data, arguments)).isEqualTo(new Shell.Result(2, "", "modx retrieval: " + message + "\n"));
    }

    private static Shell.Result retrieval(List<String> data, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--model_config", table.toString()));
        return Shell.run(new Modx(), arguments(data, all.toArray(String[]::new)));
    }

    private static String[] arguments(List<String> data, String... arguments) {
        List<String> all = new ArrayList<>(List.of("retrieval", "-q", "--devices", "cpu", "--num_workers", "0"));
        all.addAll(data);
        all.addAll(List.of(arguments));
        return all.toArray(String[]::new);
    }

    private static List<String> coco(String split) {
        return List.of("--eval_name", "coco", "--eval_annotation_file", shared.resolve("data/coco/dataset_coco.json").toString(),
                "--eval_img_dir", shared.resolve("data/coco").toString(), "--eval_split", split);
    }

    /** Test pictures alone are too few for folds. */
    private static List<String> both() {
        List<String> flags = new ArrayList<>(coco("train"));
        flags.addAll(List.of("--eval_name", "flickr", "--eval_annotation_file", shared.resolve("data/flickr/dataset_flickr30k.json").toString(),
                "--eval_img_dir", shared.resolve("data/flickr/flickr30k-images").toString(), "--eval_split", "train"));
        return flags;
    }

    private static Path save(Path file, long seed) throws IOException {
        Files.createDirectories(file.getParent());
        CheckpointWriter.write(file, new CheckpointContents(0, 0, ClipParameters.initialState(ModelTable.read(table).get("micro"), seed),
                Optional.empty(), Map.of()));
        return file;
    }
}
