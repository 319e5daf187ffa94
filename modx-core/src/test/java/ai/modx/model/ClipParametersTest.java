package ai.modx.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.modx.Golden;
import ai.modx.torch.HostTensor;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, order, number and initial values of the parameters, against the original's models. */
class ClipParametersTest {

    @ParameterizedTest
    @ValueSource(strings = {"micro_vit", "micro_rn"})
    void parametersAreNumberedAsTorchsOptimizerNumbersThem(String name) {
        JsonNode golden = Golden.json("checkpoints/checkpoints.json").get(name);
        List<String> expected = new ArrayList<>();
        golden.get("parameters").forEach(parameter -> expected.add(parameter.asText()));
        assertThat(ClipParameters.of(GoldenModel.config(golden.get("config"))).stream().filter(ParameterSpec::isTrainable))
                .extracting(ParameterSpec::name).containsExactlyElementsOf(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny_vit", "tiny_rn"})
    void tensorsHaveTheOriginalsNamesShapesAndOrder(String name) {
        GoldenModel golden = GoldenModel.load(name);
        Map<String, List<Long>> expected = new LinkedHashMap<>();
        golden.state().forEach((tensor, value) -> expected.put(tensor, boxed(value.shape())));
        Map<String, List<Long>> actual = new LinkedHashMap<>();
        ClipParameters.of(golden.config()).forEach(spec -> actual.put(spec.name(), boxed(spec.shape())));
        assertThat(actual).containsExactlyEntriesOf(expected);
    }

    @ParameterizedTest
    @CsvSource({"RN50, 83092833", "ViTB32, 151277313"})
    void publishedModelsHaveTheOriginalsNumberOfParameters(String name, long count) {
        assertThat(ClipParameters.count(ModelTable.bundled().get(name))).isEqualTo(count);
    }

    /** The golden numbers pool 20 fresh models, and so does this test; extremes of a normal distribution are a matter of luck. */
    @ParameterizedTest
    @ValueSource(strings = {"tiny_vit", "tiny_rn"})
    void initialValuesAreDistributedAsTheOriginals(String name) {
        ModelConfig config = GoldenModel.config(Golden.json(name + "/case.json").get("config"));
        JsonNode expected = Golden.json("init_stats.json").get(name);
        List<Map<String, HostTensor>> models = new ArrayList<>();
        for (int seed = 0; seed < 20; seed++) {
            models.add(ClipParameters.initialState(config, seed));
        }
        List<ParameterSpec> specs = ClipParameters.of(config).stream().filter(spec -> spec.kind() != ParameterSpec.Kind.COUNTER).toList();
        assertThat(specs).extracting(ParameterSpec::name).containsExactlyElementsOf(expected::fieldNames);
        for (ParameterSpec spec : specs) {
            Spread spread = Spread.of(models.stream().map(model -> model.get(spec.name()).toFloatArray()).toList());
            assertDistributed(spec, spread, expected.get(spec.name()));
        }
    }

    private static void assertDistributed(ParameterSpec spec, Spread actual, JsonNode expected) {
        String name = spec.name();
        String kind = expected.get("kind").asText();
        assertThat(spec.initial().getClass().getSimpleName().toLowerCase(Locale.ROOT)).as(name).isEqualTo(kind);
        double std = expected.get("std").asDouble();
        // A sample of n values knows its own standard deviation to 1 / sqrt(2 n): small tensors need room, on both sides.
        double luck = 6 / Math.sqrt(expected.get("pooled").asDouble());
        assertThat(actual.std).as("std of %s", name).isCloseTo(std, within(std * Math.max(0.05, luck) + 1e-12));
        assertThat(actual.mean).as("mean of %s", name).isCloseTo(expected.get("mean").asDouble(), within(std * luck + 1e-7));
        double extremes = switch (kind) {
            case "constant" -> 1e-6;
            case "uniform" -> std * Math.max(0.05, luck);
            default -> 2 * std;
        };
        assertThat(actual.min).as("min of %s", name).isCloseTo(expected.get("min").asDouble(), within(extremes));
        assertThat(actual.max).as("max of %s", name).isCloseTo(expected.get("max").asDouble(), within(extremes));
    }

    @Test
    void batchNormStartsWithAnEmptyMemory() {
        Map<String, HostTensor> state = ClipParameters.initialState(ModelTable.bundled().get("tiny_rn"), 11);
        assertThat(state.get("visual.bn1.running_mean").toFloatArray()).containsOnly(0);
        assertThat(state.get("visual.bn1.running_var").toFloatArray()).containsOnly(1);
        assertThat(state.get("visual.bn1.num_batches_tracked").toFloatArray()).containsExactly(0);
    }

    private static List<Long> boxed(long[] shape) {
        return Arrays.stream(shape).boxed().toList();
    }

    private record Spread(double mean, double std, double min, double max) {

        static Spread of(List<float[]> samples) {
            double sum = 0;
            double squares = 0;
            double min = Double.POSITIVE_INFINITY;
            double max = Double.NEGATIVE_INFINITY;
            long count = 0;
            for (float[] sample : samples) {
                for (float value : sample) {
                    sum += value;
                    squares += (double) value * value;
                    min = Math.min(min, value);
                    max = Math.max(max, value);
                    count++;
                }
            }
            double mean = sum / count;
            return new Spread(mean, Math.sqrt(Math.max(0, squares / count - mean * mean)), min, max);
        }
    }
}
