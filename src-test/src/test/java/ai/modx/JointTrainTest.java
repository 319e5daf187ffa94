package ai.modx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.modx.cli.Modx;
import ai.modx.jointtrain.JointTrain;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** joint-train as its users see it, on tiny data: files, logs, exit codes. */
@Tag("slow")
class JointTrainTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path shared;

    @TempDir
    Path dir;

    private static TinyData data;

    @BeforeAll
    static void draw() throws IOException {
        data = TinyData.draw(shared);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vit", "rn"})
    void trainsAndLeavesLogsAndACheckpointThatCanBeInspected(String model) throws IOException {
        Path run = dir.resolve("run");
        train(data.training(run, model, 2));
        assertThat(names(run)).containsExactly("checkpoint_final.pt", "metrics.jsonl", "report.html", "run.json", "stats.txt");

        List<JsonNode> steps = metrics(run);
        assertThat(steps).extracting(step -> step.get("global_step").asInt()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(steps).extracting(step -> step.get("epoch").asInt()).containsExactly(0, 0, 0, 1, 1, 1);
        assertThat(steps).allSatisfy(step -> assertThat(step.get("loss").asDouble()).isBetween(0.1, 20.0));
        assertThat(steps.get(0).get("lr").asDouble()).isZero();
        assertThat(steps.get(1).get("lr").asDouble()).isCloseTo(5e-4, within(1e-12));

        List<String> stats = Files.readAllLines(run.resolve("stats.txt"));
        assertThat(stats).hasSize(5);
        assertThat(stats.get(0)).startsWith("-q --model_config ").contains(" --train_dir " + run);
        assertThat(JSON.readTree(stats.get(2)).get("loss")).isEqualTo(steps.get(0).get("loss"));

        JsonNode description = JSON.readTree(run.resolve("run.json").toFile());
        assertThat(description.get("seed").asInt()).isEqualTo(11);
        assertThat(description.get("images").asInt()).isEqualTo(TinyData.IMAGES);
        assertThat(description.get("captions").asInt()).isEqualTo(5 * TinyData.IMAGES);
        assertThat(description.get("total_steps").asInt()).isEqualTo(6);
        assertThat(description.get("model").get("embed_dim").asInt()).isEqualTo(16);

        Outcome inspected = Outcome.of(new Modx(), List.of("inspect", run.resolve("checkpoint_final.pt").toString()));
        assertThat(inspected.exitCode()).isZero();
        assertThat(inspected.out()).containsPattern("global step +6\n").containsPattern("optimizer +AdamW, step 6").containsPattern("model_name +" + model + "\n")
                .containsPattern("command +joint-train\n").containsPattern("seed +11\n");

        Outcome exported = Outcome.of(new Modx(), List.of("export", run.resolve("checkpoint_final.pt").toString(), "--out", dir.resolve("clip.pt").toString()));
        assertThat(exported).as("a model of no table").isEqualTo(new Outcome(0, dir.resolve("clip.pt") + ": " + model + " as a TorchScript archive\n", ""));
    }

    @Test
    void joinsBothDomains() throws IOException {
        Path run = dir.resolve("run");
        List<String> arguments = data.training(run, "vit", 1);
        arguments.addAll(flickr());
        train(arguments);
        JsonNode description = JSON.readTree(run.resolve("run.json").toFile());
        assertThat(description.get("images").asInt()).isGreaterThan(2 * TinyData.IMAGES);
    }

    @Test
    void logsAndCheckpointsMayLieApart() throws IOException {
        List<String> arguments = data.training(dir.resolve("logs"), "vit", 2);
        arguments.addAll(List.of("--saved-checkpoints", dir.resolve("deep/saved").toString(), "--save-steps", "2"));
        train(arguments);
        assertThat(names(dir.resolve("logs"))).containsExactly("metrics.jsonl", "report.html", "run.json", "stats.txt");
        assertThat(names(dir.resolve("deep/saved"))).containsExactly("checkpoint_0_2.pt", "checkpoint_1_4.pt", "checkpoint_final.pt");
    }

    @Test
    void dryRunWritesNothing() throws IOException {
        List<String> arguments = data.training(dir.resolve("run"), "vit", 2);
        arguments.add("--dry_run");
        train(arguments);
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void aSplitIsForTheDataSetsThatHaveSplits() {
        List<String> arguments = data.training(dir.resolve("run"), "vit", 1);
        arguments.addAll(List.of("--dry_run", "--eval_split", "train",
                "--eval_name", "coco", "--eval_annotation_file", data.cocoJson().toString(), "--eval_img_dir", data.cocoImages().toString(),
                "--eval_name", "flickr", "--eval_annotation_file", data.flickrJson().toString(), "--eval_img_dir", data.flickrImages().toString()));
        train(arguments);
        train(with(arguments, "--eval_split", "val")); // one for each, as the second needs it
    }

    @Test
    void aRunFromGivenWeightsIsContinuedByTheSameCommand() throws IOException {
        train(data.training(dir.resolve("first"), "vit", 1));
        String weights = dir.resolve("first/checkpoint_final.pt").toString();
        List<String> command = data.training(dir.resolve("run"), "vit", 1);
        command.addAll(List.of("--resume", "latest", "--checkpoint_path", weights, "--max_steps"));

        train(with(command, "1"));
        train(with(command, "2"));
        Files.delete(Path.of(weights));
        train(with(command, "3"));
        train(with(data.training(dir.resolve("run"), "vit", 1), "--resume", "latest")); // the run knows what it began with
        assertThat(names(dir.resolve("run"))).contains("checkpoint_0_1.pt", "checkpoint_0_2.pt", "checkpoint_final.pt");

        command.set(command.indexOf(weights), dir.resolve("run/checkpoint_0_1.pt").toString());
        assertThat(Outcome.of(new JointTrain(), with(command, "3"))).isEqualTo(new Outcome(2, "", "joint-train: --checkpoint_path: the run that is continued, "
                + dir.resolve("run/checkpoint_final.pt") + ", did not begin with these weights. Leave the flag out to continue it; without --resume and in "
                + "another --train_dir they start a new run\n"));
    }

    private static List<String> with(List<String> arguments, String... more) {
        return Stream.concat(arguments.stream(), Stream.of(more)).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"vit", "rn"})
    void aStoppedRunIsContinuedToTheSameBits(String model) throws IOException {
        train(data.training(dir.resolve("whole"), model, 2));

        List<String> stopping = data.training(dir.resolve("parts"), model, 2);
        stopping.addAll(List.of("--max_steps", "2"));
        train(stopping);
        assertThat(names(dir.resolve("parts"))).containsExactly("checkpoint_0_2.pt", "metrics.jsonl", "report.html", "run.json", "stats.txt");
        List<String> continuing = data.training(dir.resolve("parts"), model, 2);
        continuing.addAll(List.of("--resume", "latest"));
        train(continuing);

        assertThat(dir.resolve("parts/checkpoint_final.pt")).hasSameBinaryContentAs(dir.resolve("whole/checkpoint_final.pt"));
        assertThat(losses(dir.resolve("parts"))).isEqualTo(losses(dir.resolve("whole")));
    }

    @Test
    void continuingAFinishedRunChangesNothing() throws IOException {
        List<String> arguments = data.training(dir.resolve("run"), "vit", 1);
        train(arguments);
        byte[] before = Files.readAllBytes(dir.resolve("run/checkpoint_final.pt"));
        arguments.addAll(List.of("--resume", "latest"));
        train(arguments);
        assertThat(dir.resolve("run/checkpoint_final.pt")).hasBinaryContent(before);
        assertThat(metrics(dir.resolve("run"))).hasSize(3);
    }

    @Test
    void aRunIsContinuedOnlyWhereItLies() throws IOException {
        List<String> arguments = data.training(dir.resolve("logs"), "vit", 2);
        arguments.addAll(List.of("--max_steps", "2"));
        List<String> apart = new ArrayList<>(arguments);
        apart.addAll(List.of("--saved_checkpoints", dir.resolve("saved").toString()));
        train(apart);
        arguments.addAll(List.of("--resume", "latest"));
        Outcome forgotten = Outcome.of(new JointTrain(), arguments);
        assertThat(forgotten.exitCode()).isEqualTo(2);
        assertThat(forgotten.err()).contains("saves into " + dir.resolve("saved") + ". Give that folder to continue it");
        assertThat(metrics(dir.resolve("logs"))).hasSize(2);

        List<String> other = data.training(dir.resolve("other"), "vit", 2);
        train(other);
        other.addAll(List.of("--resume", dir.resolve("saved/checkpoint_0_2.pt").toString()));
        Outcome mixed = Outcome.of(new JointTrain(), other);
        assertThat(mixed.exitCode()).isEqualTo(2);
        assertThat(mixed.err()).contains("already holds a run");
        assertThat(metrics(dir.resolve("other"))).hasSize(6);
    }

    @Test
    void continuingAStoppedRunUpToTheSameStepIsNotItsEnd() throws IOException {
        List<String> arguments = data.training(dir.resolve("run"), "vit", 1);
        arguments.addAll(List.of("--max_steps", "1", "--resume", "latest"));
        train(arguments);
        train(arguments);
        assertThat(names(dir.resolve("run"))).containsExactly("checkpoint_0_1.pt", "metrics.jsonl", "report.html", "run.json", "stats.txt");
    }

    @Test
    void startsFromTheWeightsOfACheckpoint() throws IOException {
        train(data.training(dir.resolve("first"), "rn", 1));
        List<String> arguments = data.training(dir.resolve("second"), "rn", 1);
        arguments.addAll(List.of("--checkpoint_path", dir.resolve("first/checkpoint_final.pt").toString()));
        train(arguments);
        assertThat(losses(dir.resolve("second"))).isNotEqualTo(losses(dir.resolve("first")));
    }

    @Test
    void twoReplicasSeeTheGlobalBatchOfOne() throws IOException {
        train(data.training(dir.resolve("one"), "vit", 1));
        List<String> arguments = data.training(dir.resolve("two"), "vit", 1);
        arguments.set(arguments.indexOf("--devices") + 1, "cpu,cpu");
        arguments.set(arguments.indexOf("--per_gpu_train_batch_size") + 1, "2");
        train(arguments);
        List<Double> one = losses(dir.resolve("one"));
        List<Double> two = losses(dir.resolve("two"));
        for (int i = 0; i < one.size(); i++) {
            assertThat(two.get(i)).isCloseTo(one.get(i), within(1e-5));
        }
    }

    @Test
    void aRecipeGivesWhatTheCommandLineLeavesOpen() throws IOException {
        Path recipe = Files.writeString(dir.resolve("recipe.yaml"), """
                model_name: vit
                num-train-epochs: 5
                per_gpu_train_batch_size: 6
                seed: 3
                order: sequential
                """);
        List<String> arguments = new ArrayList<>(List.of("-q", "--config", recipe.toString(), "--model_config", data.models().toString(),
                "--num_train_epochs", "1", "--train_dir", dir.resolve("run").toString(), "--devices", "cpu"));
        arguments.addAll(flickr());
        arguments.addAll(List.of("--flickr30k_splits", "train"));
        train(arguments);
        assertThat(metrics(dir.resolve("run"))).hasSize(2);
        JsonNode description = JSON.readTree(dir.resolve("run/run.json").toFile());
        assertThat(description.get("seed").asInt()).isEqualTo(3);
        assertThat(description.get("order").asText()).isEqualTo("sequential");
        assertThat(description.get("modx").asText()).as("version").matches("\\d+\\..+");
        assertThat(description.get("flags").get("flickr30k_splits")).isEqualTo(JSON.createArrayNode().add("train"));
        assertThat(description.get("flags").has("eval_name")).as("a list that was not given").isFalse();
        assertThat(description.get("num_train_epochs").asInt()).isEqualTo(1);
    }

    @Test
    void bf16Trains() throws IOException {
        List<String> arguments = data.training(dir.resolve("run"), "rn", 1);
        arguments.addAll(List.of("--precision", "bf16", "--max_train_samples", "8"));
        train(arguments);
        assertThat(metrics(dir.resolve("run"))).hasSize(2);
    }

    private static List<String> flickr() {
        return List.of("--flickr30k_train_annotation_file", data.flickrJson().toString(), "--flickr30k_train_img_dir", data.flickrImages().toString());
    }

    private static void train(List<String> arguments) {
        assertThat(Outcome.of(new JointTrain(), arguments)).isEqualTo(new Outcome(0, "", ""));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> !name.equals(".lock")).sorted().toList();
        }
    }

    private static List<JsonNode> metrics(Path run) throws IOException {
        List<JsonNode> steps = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            steps.add(JSON.readTree(line));
        }
        return steps;
    }

    private static List<Double> losses(Path run) throws IOException {
        return metrics(run).stream().map(step -> step.get("loss").asDouble()).toList();
    }
}
