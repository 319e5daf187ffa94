package ai.modx.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.Golden;
import ai.modx.torch.HostTensor;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Compares tensors with golden ones, whole or digested. */
public final class TensorAssert {

    private TensorAssert() {}

    /** Fails with the name and the place of the largest difference if it is above the tolerance. */
    public static void assertClose(String name, float[] actual, float[] expected, double tolerance) {
        assertThat(actual).as(name).hasSameSizeAs(expected);
        int worst = 0;
        for (int i = 0; i < expected.length; i++) {
            assertThat(Float.isFinite(actual[i])).isTrue();
            if (Math.abs(actual[i] - expected[i]) > Math.abs(actual[worst] - expected[worst])) {
                worst = i;
            }
        }
        if (expected.length > 0) {
            assertThat((double) actual[worst]).as("%s at %d", name, worst).isCloseTo(expected[worst], org.assertj.core.data.Offset.offset(tolerance));
        }
    }

    /** The same for a tensor of which a digest file holds everything or a sample; zero slices hold only rounding noise. */
    public static void assertDigest(String name, HostTensor actual, Map<String, HostTensor> digest, JsonNode zeroSlices, double tolerance) {
        boolean sampled = !digest.containsKey(name);
        float[] values = actual.toFloatArray();
        float[] wanted = digest.get(sampled ? name + "#sample" : name).toFloatArray();
        blank(values, zeroSlices);
        if (!sampled) {
            blank(wanted, zeroSlices);
        }
        assertClose(name, Golden.digest(values, sampled), wanted, tolerance);
    }

    private static void blank(float[] values, JsonNode slices) {
        if (slices != null) {
            for (JsonNode slice : slices.get(0).isArray() ? slices : List.of(slices)) {
                Arrays.fill(values, slice.get(0).asInt(), slice.get(1).asInt(), 0f);
            }
        }
    }
}
