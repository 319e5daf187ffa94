package ai.modx.model;

import static ai.modx.model.TensorAssert.assertDigest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.modx.Golden;
import ai.modx.data.Batch;
import ai.modx.loss.ContrastiveLoss;
import ai.modx.loss.CosineSimilarity;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.TensorCopy;
import ai.modx.torch.TorchEngine;
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
        Batch batch = GoldenModel.batch(inputs.get("images_u8"), inputs.get("tokens"), 0);
        boolean training = mode.equals("train");
        try (NDManager manager = TorchEngine.manager(Device.cpu());
                ClipModel model = new ClipModel(manager, golden.config(), GoldenModel.COMPUTATION, golden.state(), true);
                ContrastiveLoss contrastive = new ContrastiveLoss(manager);
                NativeScope scope = NativeScope.withGradients()) {
            NDArray image = model.encodeImage(GoldenModel.images(manager, batch), training ? BatchStatistics.TRAIN : BatchStatistics.EVAL);
            NDArray text = model.encodeText(GoldenModel.tokens(manager, batch));
            assertClose(mode + ".image_features", image, outputs, 1e-4);
            assertClose(mode + ".text_features", text, outputs, 1e-4);
            NDArray imageRows = CosineSimilarity.normalize(image);
            NDArray textRows = CosineSimilarity.normalize(text);
            assertClose(mode + ".image_features_norm", imageRows, outputs, 1e-4);
            assertClose(mode + ".text_features_norm", textRows, outputs, 1e-4);
            NDArray cosines = CosineSimilarity.matrix(imageRows, textRows);
            assertClose(mode + ".logits_per_image", cosines.mul(model.logitScale().exp()), outputs, 1e-4);

            NDArray loss = contrastive.of(image, text, model.logitScale());
            assertThat((double) loss.getFloat()).isCloseTo(expected.get("loss").asDouble(), within(1e-5));

            JniUtils.backward((PtNDArray) loss, (PtNDArray) manager.ones(loss.getShape()), false, false);
            assertGradients(golden, model, mode);
            if (training && golden.config().isResNet()) {
                assertBuffers(model, Golden.tensors(name + "/bn_after_train.safetensors"));
            }
        }
    }

    private static void assertGradients(GoldenModel golden, ClipModel model, String mode) {
        String whole = golden.name() + "/grads_" + mode + ".safetensors"; // one case, in the full golden folder
        Map<String, HostTensor> expected = Golden.tensors(Golden.has(whole) ? whole : golden.name() + "/grads_" + mode + "_digest.safetensors");
        JsonNode golds = Golden.json(golden.name() + "/case.json");
        JsonNode summary = golds.get("modes").get(mode).get("gradient_summary");
        double tolerance = golden.config().isResNet() ? 1e-3 : 1e-4;
        List<ParameterSpec> specs = ClipParameters.of(golden.config()).stream().filter(ParameterSpec::isTrainable).toList();
        assertThat(summary.size()).isEqualTo(specs.size());
        for (ParameterSpec spec : specs) {
            double largest = summary.get(spec.name()).get("absmax").asDouble();
            assertDigest(spec.name(), TensorCopy.toHost(model.state().get(spec.name()).getGradient()), expected,
                    golds.get("zero_gradient_slices").get(spec.name()), tolerance * largest + 1e-9);
        }
    }

    private static void assertBuffers(ClipModel model, Map<String, HostTensor> expected) {
        assertThat(expected).isNotEmpty();
        expected.forEach((name, tensor) ->
                TensorAssert.assertClose(name, TensorCopy.toHost(model.state().get(name)).toFloatArray(), tensor.toFloatArray(), 2e-5));
    }

    private static void assertClose(String name, NDArray actual, Map<String, HostTensor> outputs, double tolerance) {
        TensorAssert.assertClose(name, TensorCopy.toHost(actual).toFloatArray(), outputs.get(name).toFloatArray(), tolerance);
    }
}
