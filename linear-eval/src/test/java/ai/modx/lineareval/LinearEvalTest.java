package ai.modx.lineareval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointFile;
import ai.modx.checkpoint.EventDecoder;
import ai.modx.checkpoint.Tree;
import ai.modx.torch.HostTensor;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** linear-eval as its users see it, on tiny data: files, logs, continuation, devices. */
@Tag("slow")
class LinearEvalTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path shared;

    @TempDir
    Path dir;

    private static TinyFolder data;

    @BeforeAll
    static void draw() throws IOException {
        data = TinyFolder.draw(shared);
    }

    @Test
    void writesTheOriginalsLinesAndACheckpoint() throws IOException {
        Path run = dir.resolve("run");
        run(data.flags(run, "vit", "--epochs", "4", "--print-freq", "2", "--normalize", "imagenet"));
        assertThat(run.toFile().list()).containsExactlyInAnyOrder("stats.txt", "run.json", "report.html", "checkpoint.pth", ".lock");

        List<String> stats = Files.readAllLines(run.resolve("stats.txt"));
        assertThat(stats.get(0)).startsWith("-q --train_dir ");
        JsonNode first = JSON.readTree(stats.get(1));
        assertThat(first.fieldNames()).toIterable().containsExactly("epoch", "step", "lr_backbone", "lr_classifier", "loss", "time");
        assertThat(first.get("loss").asDouble()).isCloseTo(Math.log(3), within(0.1));
        List<JsonNode> epochs = epochs(run);
        assertThat(epochs).hasSize(4);
        assertThat(epochs.get(3).fieldNames()).toIterable().startsWith("epoch", "acc1", "acc5", "best_acc1", "best_acc5");
        assertThat(epochs.get(3).get("acc5").asDouble()).as("five guesses of three classes").isEqualTo(100);
        assertThat(epochs.get(3).get("best_acc1").asDouble()).isGreaterThan(60);
        assertThat(epochs.get(3).get("normalize").asText()).isEqualTo("imagenet");
        assertThat(epochs.get(3).get("protocol").asText()).isEqualTo("random_crops");
        assertThat(stats.size() - epochs.size() - 1).as("steps 0, 2, ... of 12").isEqualTo(6);

        Tree saved = CheckpointFile.read(run.resolve("checkpoint.pth")).root();
        assertThat(saved.get("epoch").asLong()).isEqualTo(4);
        assertThat(saved.get("best_acc").get("top1").asDouble()).isEqualTo(epochs.get(3).get("best_acc1").asDouble());
        assertThat(saved.get("classifier").get("weight").asTensor().shape()).containsExactly(3, 16);
        assertThat(saved.get("scheduler").get("T_max").asLong()).isEqualTo(4);
        assertThat(saved.find("model_state_dict")).as("a frozen encoder is not saved").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"vit, freeze, 0", "vit, finetune, 0.01", "rn, finetune, 0.01"})
    void aContinuedRunEqualsAnUninterruptedOneToTheBit(String model, String weights, String rate) throws IOException {
        Path whole = dir.resolve("whole");
        Path parts = dir.resolve("parts");
        String[] settings = {"--epochs", "3", "--print-freq", "1", "--weights", weights, "--lr-backbone", rate, "--report_to", "tensorboard"};
        run(data.flags(whole, model, settings));
        List<String> interrupted = data.flags(parts, model, settings);
        interrupted.addAll(List.of("--max_steps", "4")); // in the middle of an epoch
        run(interrupted);
        run(data.flags(parts, model, settings));
        assertThat(tensors(parts)).isEqualTo(tensors(whole));
        assertThat(withoutTime(parts)).isEqualTo(withoutTime(whole));
        assertThat(events(parts)).isEqualTo(events(whole)).hasSize(12).anyMatch(event -> event.startsWith("9 {train/lr_backbone="));
        assertThat(events(parts).get(11)).startsWith("9 {validation/acc1=");
        JsonNode flags = JSON.readTree(parts.resolve("run.json").toFile()).get("flags");
        assertThat(flags.get("report_to").asText()).isEqualTo("tensorboard");
        assertThat(flags.has("max_steps")).as("a flag that was not given").isFalse();

        long size = Files.size(parts.resolve("stats.txt"));
        run(data.flags(parts, model, settings));
        assertThat(Files.size(parts.resolve("stats.txt"))).as("a finished run stays as it is").isEqualTo(size);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "3"})
    void loaderThreadsDoNotChangeTheResult(String workers) throws IOException {
        Path one = dir.resolve("one");
        Path other = dir.resolve("other");
        run(data.flags(one, "vit", "--epochs", "1"));
        List<String> flags = data.flags(other, "vit", "--epochs", "1");
        flags.set(flags.indexOf("--workers") + 1, workers);
        run(flags);
        assertThat(tensors(other)).isEqualTo(tensors(one));
    }

    @ParameterizedTest
    @CsvSource({"freeze, 0", "finetune, 0.01"})
    void twoReplicasEqualOne(String weights, String rate) throws IOException {
        Path one = dir.resolve("one");
        Path two = dir.resolve("two");
        String[] settings = {"--epochs", "2", "--print-freq", "1", "--weights", weights, "--lr-backbone", rate};
        run(data.flags(one, "vit", settings));
        List<String> flags = new ArrayList<>(List.of(settings));
        flags.addAll(List.of("--devices", "cpu,cpu"));
        run(data.flags(two, "vit", flags.toArray(String[]::new)));
        assertThat(epochs(two).stream().map(JsonNode::toString)).isEqualTo(epochs(one).stream().map(JsonNode::toString).toList());
        Map<String, float[]> expected = floats(one);
        floats(two).forEach((name, values) -> assertThat(values).as(name).containsExactly(expected.get(name), within(2e-5f)));
    }

    @Test
    void finetuningMovesAndSavesTheEncoder() throws IOException {
        Path run = dir.resolve("run");
        run(data.flags(run, "rn", "--epochs", "1", "--weights", "finetune", "--lr-backbone", "0.01"));
        Map<String, HostTensor> before = Checkpoint.read(data.root().resolve("rn.pt")).model();
        Map<String, HostTensor> after = Checkpoint.read(run.resolve("checkpoint.pth")).model();
        assertThat(after.keySet()).containsExactlyElementsOf(before.keySet());
        for (String name : List.of("visual.conv1.weight", "visual.bn1.running_mean", "visual.attnpool.c_proj.bias")) {
            assertThat(after.get(name).data()).as(name).isNotEqualTo(before.get(name).data());
        }
        assertThat(after.get("visual.bn1.num_batches_tracked").data().getLong()).isEqualTo(3);
        assertThat(after.get("token_embedding.weight").data()).isEqualTo(before.get("token_embedding.weight").data());
    }

    @Test
    void cachedFeaturesAreAnotherProtocolThatContinuesToo() throws IOException {
        Path whole = dir.resolve("whole");
        Path parts = dir.resolve("parts");
        String[] settings = {"--epochs", "20", "--cache_features", "--devices", "cpu,cpu", "--report_to", "tensorboard"};
        run(data.flags(whole, "vit", settings));
        assertThat(epochs(whole).get(19).get("protocol").asText()).isEqualTo("cached_features");
        assertThat(epochs(whole).get(19).get("acc1").asDouble()).isGreaterThan(80);
        List<String> interrupted = data.flags(parts, "vit", settings);
        interrupted.addAll(List.of("--max_steps", "31"));
        run(interrupted);
        run(data.flags(parts, "vit", settings));
        assertThat(tensors(parts)).isEqualTo(tensors(whole));
        assertThat(withoutTime(parts)).isEqualTo(withoutTime(whole));
        assertThat(events(parts)).isEqualTo(events(whole)).hasSizeGreaterThan(20);
    }

    @Test
    void trainsOnAListOfImages() throws IOException {
        Path list = dir.resolve("10percent.txt");
        Files.writeString(list, "\ufeffred_0.png\r\nblue\\blue_3.png\r\n\r\ngreen_7.png \nred/red_5.png\n");
        Path run = dir.resolve("run");
        run(data.flags(run, "vit", "--epochs", "1", "--train-percent", "10", "--train_files", list.toString()));
        JsonNode description = JSON.readTree(run.resolve("run.json").toFile());
        assertThat(description.get("modx").asText()).as("version").matches("\\d+\\..+");
        assertThat(description.get("train_images").asInt()).isEqualTo(4);
        assertThat(description.get("steps_per_epoch").asInt()).isEqualTo(1);
        assertThat(description.get("val_images").asInt()).isEqualTo(3 * TinyFolder.VALIDATION);
    }

    @Test
    void aDryRunWritesNothing() {
        run(data.flags(dir.resolve("run"), "vit", "--dry_run"));
        assertThat(dir.resolve("run")).doesNotExist();
    }

    private static void run(List<String> flags) {
        assertThat(TinyFolder.run(flags)).isEqualTo(new TinyFolder.Outcome(0, ""));
    }

    /** Every tensor of the checkpoint as text, which is exact. */
    private static Map<String, List<Float>> tensors(Path run) {
        Map<String, List<Float>> all = new LinkedHashMap<>();
        floats(run).forEach((name, values) -> {
            List<Float> list = new ArrayList<>();
            for (float value : values) {
                list.add(value);
            }
            all.put(name, list);
        });
        return all;
    }

    private static Map<String, float[]> floats(Path run) {
        Tree root = CheckpointFile.read(run.resolve("checkpoint.pth")).root();
        Map<String, float[]> all = new LinkedHashMap<>();
        root.get("classifier").asMap().forEach((name, tensor) -> all.put(name, tensor.asTensor().toFloatArray()));
        root.get("optimizer").get("state").asMap().forEach((name, entry) -> all.put(name, entry.get("momentum_buffer").asTensor().toFloatArray()));
        root.find("model_state_dict").ifPresent(model -> model.asMap().forEach((name, tensor) -> all.put(name, tensor.asTensor().toFloatArray())));
        return all;
    }

    private static List<JsonNode> epochs(Path run) throws IOException {
        List<JsonNode> epochs = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("stats.txt"))) {
            if (line.contains("\"acc1\"")) {
                epochs.add(JSON.readTree(line));
            }
        }
        return epochs;
    }

    private static List<String> events(Path run) throws IOException {
        return EventDecoder.withoutTimes(run.resolve("tensorboard/events.out.tfevents.modx"));
    }

    private static List<String> withoutTime(Path run) throws IOException {
        return Files.readAllLines(run.resolve("stats.txt")).stream().skip(1).map(line -> line.replaceAll("\"time\":\\d+", "")).toList();
    }
}
