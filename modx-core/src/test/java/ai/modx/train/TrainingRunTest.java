package ai.modx.train;

import static ai.modx.train.TinyRuns.RESNET;
import static ai.modx.train.TinyRuns.VIT;
import static ai.modx.train.TinyRuns.execute;
import static ai.modx.train.TinySettings.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.modx.config.ConfigException;
import ai.modx.data.StopRequest;
import ai.modx.model.ModelConfig;
import ai.modx.model.TensorAssert;
import ai.modx.torch.HostTensor;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs of tiny models on generated pictures. */
@Tag("slow")
class TrainingRunTest {

    private TinyRuns runs;

    @BeforeEach
    void draw(@TempDir Path folder) {
        runs = new TinyRuns(folder);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void theSameSeedGivesTheSameBitsWithAnyNumberOfWorkers(int workers) {
        byte[] reference = runs.train("a", VIT, settings(4, 2));
        assertThat(runs.train("b", VIT, settings(4, 2).workers(workers))).isEqualTo(reference);
    }

    @Test
    void anotherSeedGivesAnotherModel() {
        assertThat(runs.train("a", VIT, settings(4, 1))).isNotEqualTo(runs.train("b", VIT, settings(4, 1).seed(12)));
    }

    @Test
    void aModelOfAnotherTokenizerIsRefused() {
        ModelConfig few = new ModelConfig(16, 32, List.of(1), 64, 8, 16, 1000, 32, 1, 1);
        TrainingJob job = runs.job("few", few, settings(4, 1), StartingPoint.fresh(few, 11));
        assertThatThrownBy(() -> new TrainingRun(job)).isInstanceOf(ConfigException.class)
                .hasMessage("The model's vocab_size is 1000. Expected at least 49408, the ids of CLIP's tokenizer");
    }

    @Test
    void aBatchThatNoBufferHoldsIsRefused() {
        TrainingJob absurd = runs.job("absurd", VIT, settings(1_000_000, 1).chunks(1_000), List.of(Device.cpu(), Device.cpu(), Device.cpu()), StartingPoint.fresh(VIT, 11));
        assertThatThrownBy(absurd::plan).isInstanceOf(ConfigException.class).hasMessage("--per_gpu_train_batch_size 1000000 with --accum_freq 1000 "
                + "on 3 devices makes a global batch of 3000000000: expected at most 2147483647");
        ModelConfig large = new ModelConfig(16, 6_000, List.of(1), 64, 1_000, 16, 49408, 32, 1, 1);
        TrainingJob wide = runs.job("wide", large, settings(64, 1).chunks(2), List.of(Device.cpu(), Device.cpu()), StartingPoint.fresh(large, 11));
        assertThatThrownBy(() -> new TrainingRun(wide)).as("of whatever is left of it with so few images, 26")
                .isInstanceOf(ConfigException.class).hasMessage("A batch of 26 images of 6000 x 6000 pixels takes 2808000000 bytes; at most 2147483647 fit. Use a smaller batch");
    }

    @Test
    void twoReplicasLearnWhatOneLearnsWithTwiceTheBatch() throws IOException {
        execute(runs.job("one", VIT, settings(8, 4).maxSteps(10), StartingPoint.fresh(VIT, 11)));
        execute(runs.job("two", VIT, settings(4, 4).maxSteps(10), List.of(Device.cpu(), Device.cpu()), StartingPoint.fresh(VIT, 11)));
        List<Double> one = runs.losses("one");
        List<Double> two = runs.losses("two");
        assertThat(one).hasSize(10);
        for (int i = 0; i < one.size(); i++) {
            assertThat(two.get(i)).isCloseTo(one.get(i), within(1e-5));
        }
        var expected = runs.checkpoint("one/checkpoint_3_10.pt").model();
        runs.checkpoint("two/checkpoint_3_10.pt").model().forEach((name, tensor) ->
                TensorAssert.assertClose(name, tensor.toFloatArray(), expected.get(name).toFloatArray(), name.contains("in_proj_bias") ? 2e-3 : 1e-5));
    }

    @Test
    void aDataSetSmallerThanTheBatchTrainsWithOneSmallerBatch() throws IOException {
        runs.train("small", VIT, settings(64, 2));
        assertThat(runs.losses("small")).hasSize(2);
    }

    @Test
    void metricsAreStrictJsonWithEveryValue() throws IOException {
        runs.train("logs", RESNET, settings(8, 2));
        List<String> lines = Files.readAllLines(runs.file("logs/metrics.jsonl"));
        assertThat(lines).hasSize(6);
        JsonNode first = new ObjectMapper().readTree(lines.get(0));
        List<String> names = new ArrayList<>();
        first.fieldNames().forEachRemaining(names::add);
        assertThat(names).containsExactly("epoch", "global_step", "lr", "loss", "logit_scale", "grad_norm", "pairs_per_s", "data_s", "step_s", "peak_memory_mb");
        assertThat(first.get("lr").asDouble()).isZero();
        assertThat(first.get("grad_norm").asDouble()).isPositive();
        assertThat(Files.readAllLines(runs.file("logs/stats.txt"))).hasSize(5);
        assertThat(new ObjectMapper().readTree(Files.readString(runs.file("logs/run.json"))).get("images").asInt()).isEqualTo(26);
    }

    @Test
    void aNonFiniteLossStopsTheRunAndNamesTheStep() {
        var weights = new LinkedHashMap<>(StartingPoint.fresh(VIT, 11).weights().get());
        float[] broken = weights.get("text_projection").toFloatArray();
        Arrays.fill(broken, Float.NaN);
        weights.put("text_projection", HostTensor.of(broken, 32, 16));
        TrainingJob job = runs.job("nan", VIT, settings(4, 1), StartingPoint.weights(() -> weights));
        assertThatThrownBy(() -> execute(job)).isInstanceOf(DivergedException.class)
                .hasMessageMatching("The loss became NaN in epoch 1, at step 1 \\(lr 0.0\\), in a batch of .*\\.jpg, .*\\.jpg, .*\\.jpg, .*\\.jpg\\. "
                        + "Nothing is saved any more; lower --params_lr, set --grad_clip_norm, or look at the data\\. No checkpoint was saved before");
        assertThat(runs.file("nan/checkpoint_final.pt")).doesNotExist();
    }

    @Test
    void memoryStaysFlatOverTwoHundredSteps() throws IOException {
        List<Long> resident = new ArrayList<>();
        List<Long> heap = new ArrayList<>();
        TrainingJob job = runs.job("flat", RESNET, settings(4, 70), List.of(Device.cpu(), Device.cpu()), StartingPoint.fresh(RESNET, 11));
        int[] steps = new int[1];
        new TrainingRun(job).execute((replicas, any, badImages, stop) -> {
            TrainingMethod plain = new ContrastiveMethod(replicas.model().manager());
            return batch -> {
                steps[0]++;
                if (steps[0] >= 60 && steps[0] % 20 == 0 && steps[0] <= 200) {
                    resident.add(residentKilobytes());
                    heap.add(usedHeap());
                }
                return plain.loss(batch);
            };
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
}
