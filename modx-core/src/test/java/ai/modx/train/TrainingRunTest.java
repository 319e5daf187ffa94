package ai.modx.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.EventDecoder;
import ai.modx.config.ConfigException;
import ai.modx.data.BadImagePolicy;
import ai.modx.data.CaptionChoice;
import ai.modx.data.CaptionDataset;
import ai.modx.data.CocoCaptions;
import ai.modx.data.DataException;
import ai.modx.data.ImageCache;
import ai.modx.data.StopRequest;
import ai.modx.data.sample.SampleData;
import ai.modx.data.sample.SampleSettings;
import ai.modx.eval.EncoderSettings;
import ai.modx.eval.EvaluationSet;
import ai.modx.eval.EvaluationSource;
import ai.modx.eval.RetrievalEvaluation;
import ai.modx.model.Computation;
import ai.modx.model.ModelConfig;
import ai.modx.model.Precision;
import ai.modx.model.TensorAssert;
import ai.modx.text.ClipTokenizer;
import ai.modx.torch.HostTensor;
import ai.modx.train.RunIdentity.Continuation;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs of tiny models on generated pictures. */
class TrainingRunTest {

    private static final ModelConfig VIT = new ModelConfig(16, 32, List.of(1), 64, 8, 16, 49408, 32, 1, 1);
    private static final ModelConfig RESNET = new ModelConfig(16, 32, List.of(1, 1, 1, 1), 8, 0, 16, 49408, 32, 1, 1);

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static CaptionDataset data;

    @BeforeAll
    static void generateData() {
        Path sample = shared.resolve("sample");
        new SampleData(new SampleSettings(26, 3, 48)).write(sample);
        data = CocoCaptions.read(sample.resolve("coco/annotations/captions_train2014.json"), sample.resolve("coco/train2014"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void theSameSeedGivesTheSameBitsWithAnyNumberOfWorkers(int workers) {
        byte[] reference = train("a", VIT, settings(4, 2).build());
        assertThat(train("b", VIT, settings(4, 2).workers(workers).build())).isEqualTo(reference);
    }

    @Test
    void anotherSeedGivesAnotherModel() {
        assertThat(train("a", VIT, settings(4, 1).build())).isNotEqualTo(train("b", VIT, settings(4, 1).seed(12).build()));
    }

    @ParameterizedTest
    @CsvSource({"false,1", "true,1", "false,2", "true,2"})
    void aContinuedRunEndsInTheBitsOfAnUninterruptedOne(boolean resnet, int chunks) throws IOException {
        ModelConfig model = resnet ? RESNET : VIT;
        byte[] reference = train("whole", model, settings(4 / chunks, 3).chunks(chunks).accumulation(2).saveSteps(2).build());

        train("parts", model, settings(4 / chunks, 3).chunks(chunks).accumulation(2).maxSteps(4).build());
        Files.writeString(folder.resolve("parts/metrics.jsonl"), "{\"epoch\":9}\n", StandardOpenOption.APPEND);
        Checkpoint interrupted = Checkpoint.read(folder.resolve("parts/checkpoint_1_4.pt"));
        TrainingSettings settings = settings(4 / chunks, 3).chunks(chunks).accumulation(2).build();
        execute(job("parts", model, settings, List.of(Device.cpu()), StartingPoint.runOf(interrupted, "tiny", model, Continuation.EXACT)));

        assertThat(bytes("parts/checkpoint_final.pt")).isEqualTo(reference);
        assertThat(losses("parts")).isEqualTo(losses("whole")).hasSize(9);
        assertThat(statsLosses("parts")).isEqualTo(statsLosses("whole")).hasSize(3);
    }

    @Test
    void aRunWithOtherSettingsIsNotContinued() {
        train("first", VIT, settings(4, 3).maxSteps(2).build());
        Checkpoint interrupted = Checkpoint.read(folder.resolve("first/checkpoint_0_2.pt"));
        TrainingJob other = job("first", VIT, settings(4, 2).build(), List.of(Device.cpu()), StartingPoint.runOf(interrupted, "tiny", VIT, Continuation.EXACT));
        assertThatThrownBy(() -> new TrainingRun(other)).isInstanceOf(ConfigException.class)
                .hasMessageContaining("that run has num_train_epochs 3, this one 2. Continue it with the same, accept the difference with --force, or "
                        + "start a new run from its weights with --checkpoint_path");
        TrainingJob divided = job("first", VIT, settings(2, 3).chunks(2).build(), List.of(Device.cpu()), StartingPoint.runOf(interrupted, "tiny", VIT, Continuation.EXACT));
        assertThatThrownBy(() -> new TrainingRun(divided)).isInstanceOf(ConfigException.class)
                .hasMessageContaining("that run has accum_freq 1, this one 2");
    }

    @Test
    void everyDifferenceIsNamed() {
        train("first", VIT, settings(4, 3).maxSteps(2).build());
        Checkpoint interrupted = Checkpoint.read(folder.resolve("first/checkpoint_0_2.pt"));
        TrainingJob other = job("first", VIT, settings(8, 3).seed(12).build(), List.of(Device.cpu()),
                StartingPoint.runOf(interrupted, "tiny", VIT, Continuation.EXACT));
        assertThatThrownBy(() -> new TrainingRun(other)).hasMessageContaining("that run has global_batch 4, this one 8; seed 11, this one 12.");
    }

    @Test
    void aFinishedRunGoesOnForMoreEpochsIfForced() throws IOException {
        train("longer", VIT, settings(8, 1).build());
        List<Double> first = losses("longer");
        Checkpoint finished = Checkpoint.read(folder.resolve("longer/checkpoint_final.pt"));
        TrainingJob more = job("longer", VIT, settings(4, 2).build(), List.of(Device.cpu()), StartingPoint.runOf(finished, "tiny", VIT, Continuation.FORCED));
        execute(more);
        assertThat(losses("longer")).startsWith(first.toArray(Double[]::new)).hasSize(12);
        assertThat(folder.resolve("longer/checkpoint_0_3.pt")).exists();
        assertThat(Checkpoint.read(folder.resolve("longer/checkpoint_final.pt")).globalStep()).hasValue(12);
        assertThat(new ObjectMapper().readTree(folder.resolve("longer/run.json").toFile()).get("num_train_epochs").asInt()).isEqualTo(2);
        assertThat(statsLosses("longer")).hasSize(6); // those of epoch 0
    }

    @Test
    void aForcedRunIsNotMixedUpWithNewerCheckpointsOfTheOldOne() {
        train("mixed", VIT, settings(4, 2).saveSteps(5).build());
        StartingPoint older = StartingPoint.runOf(Checkpoint.read(folder.resolve("mixed/checkpoint_0_5.pt")), "tiny", VIT, Continuation.FORCED);
        assertThatThrownBy(() -> new TrainingRun(job("mixed", VIT, settings(4, 3).build(), List.of(Device.cpu()), older)))
                .isInstanceOf(ConfigException.class).hasMessageMatching("--force: .*checkpoint_final.pt has more steps than the checkpoint to continue "
                        + "from, and would be mixed up with what comes now. Move it away, or continue in another --train_dir");
        StartingPoint ended = StartingPoint.runOf(Checkpoint.read(folder.resolve("mixed/checkpoint_final.pt")), "tiny", VIT, Continuation.FORCED);
        assertThatThrownBy(() -> new TrainingRun(job("mixed", VIT, settings(4, 1).build(), List.of(Device.cpu()), ended)))
                .isInstanceOf(ConfigException.class).hasMessageStartingWith("--force: the checkpoint has taken 12 steps, and this run has 6 in all.");
    }

    @Test
    void aBatchThatNoBufferHoldsIsRefused() {
        TrainingJob absurd = job("absurd", VIT, settings(1_000_000, 1).chunks(1_000).build(), List.of(Device.cpu(), Device.cpu(), Device.cpu()), StartingPoint.fresh(VIT, 11));
        assertThatThrownBy(absurd::plan).isInstanceOf(ConfigException.class).hasMessage("--per_gpu_train_batch_size 1000000 with --accum_freq 1000 "
                + "on 3 devices makes a global batch of 3000000000: expected at most 2147483647");
        ModelConfig large = new ModelConfig(16, 6_000, List.of(1), 64, 1_000, 16, 49408, 32, 1, 1);
        TrainingJob wide = job("wide", large, settings(64, 1).chunks(2).build(), List.of(Device.cpu(), Device.cpu()), StartingPoint.fresh(large, 11));
        assertThatThrownBy(() -> new TrainingRun(wide)).as("of whatever is left of it with so few images, 26")
                .isInstanceOf(ConfigException.class).hasMessage("A batch of 26 images of 6000 x 6000 pixels takes 2808000000 bytes; at most 2147483647 fit. Use a smaller batch");
    }

    @Test
    void twoReplicasLearnWhatOneLearnsWithTwiceTheBatch() throws IOException {
        execute(job("one", VIT, settings(8, 4).maxSteps(10).build(), List.of(Device.cpu()), StartingPoint.fresh(VIT, 11)));
        execute(job("two", VIT, settings(4, 4).maxSteps(10).build(), List.of(Device.cpu(), Device.cpu()), StartingPoint.fresh(VIT, 11)));
        List<Double> one = losses("one");
        List<Double> two = losses("two");
        assertThat(one).hasSize(10);
        for (int i = 0; i < one.size(); i++) {
            assertThat(two.get(i)).isCloseTo(one.get(i), within(1e-5));
        }
        var expected = Checkpoint.read(folder.resolve("one/checkpoint_3_10.pt")).model();
        Checkpoint.read(folder.resolve("two/checkpoint_3_10.pt")).model().forEach((name, tensor) ->
                TensorAssert.assertClose(name, tensor.toFloatArray(), expected.get(name).toFloatArray(), name.contains("in_proj_bias") ? 2e-3 : 1e-5));
    }

    @Test
    void onlyTheNewestCheckpointsAreKept() throws IOException {
        train("kept", VIT, settings(4, 2).saveSteps(2).keepLast(2).build());
        try (var files = Files.list(folder.resolve("kept"))) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".pt")))
                    .containsExactlyInAnyOrder("checkpoint_1_8.pt", "checkpoint_1_10.pt", "checkpoint_final.pt");
        }
    }

    @Test
    void whatIsSavedBehindADamagedNewerCheckpointIsNotDeletedForItsSake() throws IOException {
        train("behind", VIT, settings(4, 2).saveSteps(2).maxSteps(4).build());
        RunFolder run = new RunFolder(folder.resolve("behind"), folder.resolve("behind"));
        Path damaged = folder.resolve("behind/checkpoint_0_4.pt");
        Files.write(damaged, Arrays.copyOf(Files.readAllBytes(damaged), 1000));
        Path copy = Files.copy(folder.resolve("behind/checkpoint_0_2.pt"), folder.resolve("behind/checkpoint_copy.pt")); // somebody's own
        StartingPoint before = StartingPoint.runOf(ResumePoint.find("latest", run).orElseThrow(), "tiny", VIT, Continuation.EXACT);
        execute(job("behind", VIT, settings(4, 2).saveSteps(1).maxSteps(3).keepLast(1).build(), List.of(Device.cpu()), before));
        assertThat(run.checkpointFiles()).containsExactlyInAnyOrder(damaged, copy, folder.resolve("behind/checkpoint_0_3.pt"));
        assertThat(ResumePoint.find("latest", run).orElseThrow().globalStep()).hasValue(3);
    }

    @Test
    void aRunThatIsContinuedInAnotherFolderIsARunOfItsOwn() throws IOException {
        byte[] whole = train("here", VIT, settings(4, 2).saveSteps(5).build());
        StartingPoint middle = StartingPoint.runOf(Checkpoint.read(folder.resolve("here/checkpoint_0_5.pt")), "tiny", VIT, Continuation.EXACT);
        execute(job("there", VIT, settings(4, 2).saveSteps(7).maxSteps(10).build(), List.of(Device.cpu()), middle));
        Files.delete(folder.resolve("there/checkpoint_1_10.pt")); // as if killed before it was saved
        StartingPoint later = StartingPoint.runOf(Checkpoint.read(folder.resolve("there/checkpoint_1_7.pt")), "tiny", VIT, Continuation.EXACT);
        execute(job("there", VIT, settings(4, 2).build(), List.of(Device.cpu()), later));
        assertThat(bytes("there/checkpoint_final.pt")).isEqualTo(whole);
        assertThat(losses("there")).isEqualTo(losses("here").subList(5, 12));
        assertThat(folder.resolve("there/run.json")).isRegularFile();
        assertThat(Files.readAllLines(folder.resolve("there/stats.txt"))).startsWith("joint-train").hasSize(2 + 1); // of epoch 0
    }

    @Test
    void aLostFinalCheckpointIsWrittenFromAnyOtherOfTheLastStep() throws IOException {
        byte[] whole = train("run", VIT, settings(8, 1).build());
        Path best = Files.move(folder.resolve("run/checkpoint_final.pt"), folder.resolve("run/checkpoint_best.pt"));
        StartingPoint last = StartingPoint.runOf(Checkpoint.read(best), "tiny", VIT, Continuation.EXACT);
        execute(job("run", VIT, settings(8, 1).build(), List.of(Device.cpu()), last));
        assertThat(bytes("run/checkpoint_final.pt")).isEqualTo(whole);
    }

    @Test
    void aDataSetSmallerThanTheBatchTrainsWithOneSmallerBatch() throws IOException {
        train("small", VIT, settings(64, 2).build());
        assertThat(losses("small")).hasSize(2);
    }

    @Test
    void metricsAreStrictJsonWithEveryValue() throws IOException {
        train("logs", RESNET, settings(8, 2).build());
        List<String> lines = Files.readAllLines(folder.resolve("logs/metrics.jsonl"));
        assertThat(lines).hasSize(6);
        JsonNode first = new ObjectMapper().readTree(lines.get(0));
        List<String> names = new ArrayList<>();
        first.fieldNames().forEachRemaining(names::add);
        assertThat(names).containsExactly("epoch", "global_step", "lr", "loss", "logit_scale", "grad_norm", "pairs_per_s", "data_s", "step_s", "peak_memory_mb");
        assertThat(first.get("lr").asDouble()).isZero();
        assertThat(first.get("grad_norm").asDouble()).isPositive();
        assertThat(Files.readAllLines(folder.resolve("logs/stats.txt"))).hasSize(5);
        assertThat(new ObjectMapper().readTree(Files.readString(folder.resolve("logs/run.json"))).get("images").asInt()).isEqualTo(26);
    }

    @Test
    void aNonFiniteLossStopsTheRunAndNamesTheStep() {
        var weights = new LinkedHashMap<>(StartingPoint.fresh(VIT, 11).weights().get());
        float[] broken = weights.get("text_projection").toFloatArray();
        Arrays.fill(broken, Float.NaN);
        weights.put("text_projection", HostTensor.of(broken, 32, 16));
        TrainingJob job = job("nan", VIT, settings(4, 1).build(), List.of(Device.cpu()), StartingPoint.weights(() -> weights));
        assertThatThrownBy(() -> execute(job)).isInstanceOf(DivergedException.class)
                .hasMessageMatching("The loss became NaN at epoch 0, step 1 \\(lr 0.0\\), in a batch of .*\\.jpg, .*\\.jpg, .*\\.jpg, .*\\.jpg\\. "
                        + "Nothing is saved any more; lower --params_lr, set --grad_clip_norm, or look at the data\\. No checkpoint was saved before");
        assertThat(folder.resolve("nan/checkpoint_final.pt")).doesNotExist();
    }

    @Test
    void aModelThatBecameInfiniteReplacesNoGoodOne() {
        TrainingSettings exploding = settings(4, 1).saveSteps(2).keepLast(1).learningRate(1e38).build();
        TrainingJob job = job("inf", VIT, exploding, List.of(Device.cpu()), StartingPoint.fresh(VIT, 11));
        assertThatThrownBy(() -> execute(job)).isInstanceOf(DivergedException.class)
                .hasMessageMatching("The weights \\S+ are not finite after step 2, and are not saved; lower --params_lr, or set --grad_clip_norm\\. "
                        + "No checkpoint was saved before");
        assertThat(folder.resolve("inf/checkpoint_0_2.pt")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void theBestModelIsKeptAndTheSameOneIfTheRunIsInterrupted(int interruptedAfter) throws IOException {
        Path file = shared.resolve("sample/coco/dataset_coco.json");
        EvaluationSet set = EvaluationSet.read(new EvaluationSource("pictures", file, shared.resolve("sample/coco"), "test"));
        PeriodicEvaluation evaluation = new PeriodicEvaluation(
                new RetrievalEvaluation(List.of(set), ClipTokenizer.load(), new EncoderSettings(16, 0, ImageCache.NONE, true), 1), 1);
        execute(evaluated(job("whole", VIT, settings(8, 4).tensorBoard().build(), List.of(Device.cpu()), StartingPoint.fresh(VIT, 11)), evaluation));
        if (interruptedAfter > 0) {
            execute(evaluated(job("best", VIT, settings(8, 4).maxSteps(interruptedAfter).tensorBoard().build(), List.of(Device.cpu()), StartingPoint.fresh(VIT, 11)), evaluation));
        }
        StartingPoint start = ResumePoint.find("latest", new RunFolder(folder.resolve("best"), folder.resolve("best")))
                .map(checkpoint -> StartingPoint.runOf(checkpoint, "tiny", VIT, Continuation.EXACT)).orElseGet(() -> StartingPoint.fresh(VIT, 11));
        execute(evaluated(job("best", VIT, settings(8, 4).keepLast(1).tensorBoard().build(), List.of(Device.cpu()), start), evaluation));
        double best = 0;
        long bestStep = 0;
        for (String line : Files.readAllLines(folder.resolve("best/eval.jsonl"))) {
            JsonNode node = new ObjectMapper().readTree(line);
            if (node.get("rsum").asDouble() > best) {
                best = node.get("rsum").asDouble();
                bestStep = node.get("global_step").asLong();
            }
        }
        assertThat(Files.readAllLines(folder.resolve("best/eval.jsonl"))).hasSize(4);
        assertThat(Checkpoint.read(folder.resolve("best/checkpoint_best.pt")).globalStep()).hasValue(bestStep);
        assertThat(events("best")).isEqualTo(events("whole")).hasSize(16).anyMatch(event -> event.startsWith("12 {retrieval/pictures/i2t/r1="));
    }

    private List<String> events(String name) throws IOException {
        return EventDecoder.withoutTimes(folder.resolve(name).resolve("tensorboard/events.out.tfevents.modx"));
    }

    private static TrainingJob evaluated(TrainingJob job, PeriodicEvaluation evaluation) {
        return new TrainingJob(job.command(), job.arguments(), job.flags(), job.modelName(), job.model(), job.computation(), job.devices(),
                job.data(), job.settings(), job.method(), job.start(), job.folder(), Optional.of(evaluation));
    }

    @Test
    void whatWasTrainedIsSavedEvenIfItCannotBeEvaluated() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.jpg"), "no picture");
        EvaluationSet set = new EvaluationSet("broken", List.of(broken), List.of("a"), new int[] {0});
        PeriodicEvaluation evaluation = new PeriodicEvaluation(
                new RetrievalEvaluation(List.of(set), ClipTokenizer.load(), new EncoderSettings(4, 0, ImageCache.NONE, true), 1), 0);
        byte[] reference = train("whole", VIT, settings(8, 1).build());
        TrainingJob job = job("run", VIT, settings(8, 1).build(), List.of(Device.cpu()), StartingPoint.fresh(VIT, 11));
        assertThatThrownBy(() -> execute(evaluated(job, evaluation))).isInstanceOf(DataException.class).hasMessageContaining("broken.jpg");
        assertThat(bytes("run/checkpoint_final.pt")).isEqualTo(reference);
    }

    @Test
    void memoryStaysFlatOverTwoHundredSteps() throws IOException {
        List<Long> resident = new ArrayList<>();
        List<Long> heap = new ArrayList<>();
        TrainingJob job = job("flat", RESNET, settings(4, 70).build(), List.of(Device.cpu(), Device.cpu()), StartingPoint.fresh(RESNET, 11));
        TrainingMethod plain = new ContrastiveMethod();
        int[] steps = new int[1];
        new TrainingRun(job).execute((replicas, any, badImages, stop) -> batch -> {
            steps[0]++;
            if (steps[0] >= 60 && steps[0] % 20 == 0 && steps[0] <= 200) {
                resident.add(residentKilobytes());
                heap.add(usedHeap());
            }
            return plain.loss(batch);
        }, new StopRequest());
        assertThat(steps[0]).isEqualTo(210);
        assertThat(resident.get(7) - resident.get(0)).as("growth of resident memory in kB over 140 steps").isLessThan(24_000);
        // What a step leaves behind shows in every 20 of them; what the rest of this Java does meanwhile, in one or two.
        long[] growth = IntStream.range(0, 7).mapToLong(i -> heap.get(i + 1) - heap.get(i)).sorted().toArray();
        assertThat(growth[3] * 7).as("growth of used heap in bytes over 140 steps, by the median of seven times 20: %s", Arrays.toString(growth)).isLessThan(2_000_000);
    }

    private static long usedHeap() {
        System.gc();
        System.gc(); // of what the first one found to be unreachable only then
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static long residentKilobytes() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmRSS"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] train(String name, ModelConfig model, TrainingSettings settings) {
        execute(job(name, model, settings, List.of(Device.cpu()), StartingPoint.fresh(model, settings.seed())));
        return bytes(name + "/checkpoint_final.pt");
    }

    private static void execute(TrainingJob job) {
        new TrainingRun(job).execute((replicas, any, badImages, stop) -> new ContrastiveMethod(), new StopRequest());
    }

    private TrainingJob job(String name, ModelConfig model, TrainingSettings settings, List<Device> devices, StartingPoint start) {
        Path run = folder.resolve(name);
        return new TrainingJob("joint-train", List.of("joint-train"), Map.of(), "tiny", model, Computation.in(Precision.FP32), devices, data, settings,
                Map.of(), start, new RunFolder(run, run), Optional.empty());
    }

    private byte[] bytes(String file) {
        try {
            return Files.exists(folder.resolve(file)) ? Files.readAllBytes(folder.resolve(file)) : new byte[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> statsLosses(String name) throws IOException {
        return Files.readAllLines(folder.resolve(name).resolve("stats.txt")).stream().skip(2).toList();
    }

    private List<Double> losses(String name) throws IOException {
        List<Double> losses = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(name).resolve("metrics.jsonl"))) {
            losses.add(new ObjectMapper().readTree(line).get("loss").asDouble());
        }
        return losses;
    }

    private static SettingsBuilder settings(int batch, int epochs) {
        return new SettingsBuilder(batch, epochs);
    }

    /** The settings that a test varies. */
    private static final class SettingsBuilder {
        private final int batch;
        private final int epochs;
        private int chunks = 1;
        private int accumulation = 1;
        private double learningRate = 5e-4;
        private int workers;
        private long seed = 11;
        private long saveSteps;
        private Optional<Integer> keepLast = Optional.empty();
        private Optional<Long> maxSteps = Optional.empty();
        private boolean tensorBoard;

        SettingsBuilder(int batch, int epochs) {
            this.batch = batch;
            this.epochs = epochs;
        }

        SettingsBuilder accumulation(int value) {
            accumulation = value;
            return this;
        }

        SettingsBuilder chunks(int value) {
            chunks = value;
            return this;
        }

        SettingsBuilder learningRate(double value) {
            learningRate = value;
            return this;
        }

        SettingsBuilder workers(int value) {
            workers = value;
            return this;
        }

        SettingsBuilder seed(long value) {
            seed = value;
            return this;
        }

        SettingsBuilder saveSteps(long value) {
            saveSteps = value;
            return this;
        }

        SettingsBuilder keepLast(int value) {
            keepLast = Optional.of(value);
            return this;
        }

        SettingsBuilder maxSteps(long value) {
            maxSteps = Optional.of(value);
            return this;
        }

        SettingsBuilder tensorBoard() {
            tensorBoard = true;
            return this;
        }

        TrainingSettings build() {
            return new TrainingSettings(epochs, batch, chunks, accumulation, learningRate, 0.1, 1e-8, Optional.empty(), workers, ImageCache.NONE, seed, true, CaptionChoice.RANDOM,
                    BadImagePolicy.FAIL, saveSteps, keepLast, maxSteps, tensorBoard);
        }
    }
}
