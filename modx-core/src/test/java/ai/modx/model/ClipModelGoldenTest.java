package ai.modx.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.modx.Golden;
import ai.modx.loss.ContrastiveLoss;
import ai.modx.loss.CosineSimilarity;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.TensorCopy;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Features, losses, gradients and batch-norm statistics against the original program's. */
class ClipModelGoldenTest {

    @ParameterizedTest
    @CsvSource({"tiny_vit,eval", "tiny_vit,train", "tiny_rn,eval", "tiny_rn,train"})
    void computesWhatTheOriginalComputes(String name, String mode) {
        GoldenModel golden = GoldenModel.load(name);
        Map<String, HostTensor> inputs = Golden.tensors(name + "/inputs.safetensors");
        Map<String, HostTensor> outputs = Golden.tensors(name + "/outputs.safetensors");
        JsonNode expected = Golden.json(name + "/case.json").get("modes").get(mode);
        boolean training = mode.equals("train");
        try (NDManager manager = NDManager.newBaseManager(Device.cpu());
                ClipModel model = new ClipModel(manager, golden.config(), Precision.FP32, golden.state(), true);
                NativeScope scope = NativeScope.withGradients()) {
            NDArray image = model.encodeImage(GoldenModel.images(manager, inputs.get("images_u8"), 0), training);
            NDArray text = model.encodeText(GoldenModel.tokens(manager, inputs.get("tokens"), 0));
            assertClose(mode + ".image_features", image, outputs, 1e-4);
            assertClose(mode + ".text_features", text, outputs, 1e-4);
            NDArray imageRows = CosineSimilarity.normalize(image);
            NDArray textRows = CosineSimilarity.normalize(text);
            assertClose(mode + ".image_features_norm", imageRows, outputs, 1e-4);
            assertClose(mode + ".text_features_norm", textRows, outputs, 1e-4);
            NDArray cosines = CosineSimilarity.matrix(imageRows, textRows);
            assertClose(mode + ".logits_per_image", cosines.mul(model.logitScale().exp()), outputs, 1e-4);

            NDArray loss = ContrastiveLoss.of(cosines, model.logitScale());
            assertThat((double) loss.getFloat()).isCloseTo(expected.get("loss").asDouble(), within(1e-5));

            JniUtils.backward((PtNDArray) loss, (PtNDArray) manager.ones(loss.getShape()), false, false);
            assertGradients(golden, model, mode);
            if (training && golden.config().isResNet()) {
                assertBuffers(model, Golden.tensors(name + "/bn_after_train.safetensors"));
            }
        }
    }

    private static void assertGradients(GoldenModel golden, ClipModel model, String mode) {
        String whole = golden.name() + "/grads_" + mode + ".safetensors";
        Map<String, HostTensor> expected = Golden.tensors(Golden.has(whole) ? whole : golden.name() + "/grads_" + mode + "_digest.safetensors");
        JsonNode summary = Golden.json(golden.name() + "/case.json").get("modes").get(mode).get("gradient_summary");
        JsonNode zero = Golden.json(golden.name() + "/case.json").get("zero_gradient_slices");
        double tolerance = golden.config().isResNet() ? 1e-3 : 1e-4;
        List<ParameterSpec> specs = ClipParameters.of(golden.config()).stream().filter(ParameterSpec::isTrainable).toList();
        assertThat(summary.size()).isEqualTo(specs.size());
        for (ParameterSpec spec : specs) {
            float[] actual = TensorCopy.toHost(model.state().get(spec.name()).getGradient()).toFloatArray();
            blank(actual, zero.get(spec.name()));
            boolean sampled = !expected.containsKey(spec.name());
            float[] wanted = expected.get(sampled ? spec.name() + "#sample" : spec.name()).toFloatArray();
            if (!sampled) {
                blank(wanted, zero.get(spec.name()));
            }
            float[] got = Golden.digest(actual, sampled);
            double largest = summary.get(spec.name()).get("absmax").asDouble();
            for (int i = 0; i < wanted.length; i++) {
                assertThat((double) got[i]).as("gradient of %s at %d", spec.name(), i).isCloseTo(wanted[i], within(tolerance * largest + 1e-9));
            }
        }
    }

    /** Gradients that are zero in exact arithmetic hold nothing but rounding. */
    private static void blank(float[] values, JsonNode slices) {
        if (slices != null) {
            for (JsonNode slice : slices.get(0).isArray() ? slices : List.of(slices)) {
                java.util.Arrays.fill(values, slice.get(0).asInt(), slice.get(1).asInt(), 0f);
            }
        }
    }

    private static void assertBuffers(ClipModel model, Map<String, HostTensor> expected) {
        assertThat(expected).isNotEmpty();
        expected.forEach((name, tensor) -> {
            float[] wanted = tensor.toFloatArray();
            float[] got = TensorCopy.toHost(model.state().get(name)).toFloatArray();
            for (int i = 0; i < wanted.length; i++) {
                assertThat((double) got[i]).as(name).isCloseTo(wanted[i], within(1e-5 + 1e-5 * Math.abs(wanted[i])));
            }
        });
    }

    private static void assertClose(String name, NDArray actual, Map<String, HostTensor> outputs, double tolerance) {
        float[] wanted = outputs.get(name).toFloatArray();
        float[] got = TensorCopy.toHost(actual).toFloatArray();
        assertThat(got).as(name).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.length; i++) {
            assertThat((double) got[i]).as("%s at %d", name, i).isCloseTo(wanted[i], within(tolerance));
        }
    }

    private static org.assertj.core.data.Offset<Double> within(double tolerance) {
        return org.assertj.core.data.Offset.offset(tolerance);
    }
}
