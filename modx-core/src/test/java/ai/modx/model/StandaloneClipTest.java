package ai.modx.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.NoopTranslator;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.TorchEngine;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The archive is run by DJL's own loader, as a program of somebody else's would. */
class StandaloneClipTest {

    private static final Computation COMPUTATION = Computation.in(Precision.FP32);
    private static final int SIDE = 32;
    private static final int BATCH = 3;

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void computesWhatTheModelComputes(boolean resNet) throws Exception {
        ModelConfig config = resNet ? config(List.of(1, 1, 1, 1), 8, 0) : config(List.of(2), 128, 16);
        Map<String, HostTensor> weights = ClipParameters.initialState(config, 5);
        try (ZooModel<NDList, NDList> standalone = load(config, weights);
                Predictor<NDList, NDList> predictor = standalone.newPredictor();
                NDManager manager = TorchEngine.manager(Device.cpu());
                ClipModel model = new ClipModel(manager, config, COMPUTATION, weights, false);
                NativeScope scope = NativeScope.withoutGradients()) {
            NDArray bytes = manager.arange(BATCH * SIDE * SIDE * 3f).mul(7).mod(256).toType(DataType.UINT8, false)
                    .reshape(new Shape(BATCH, SIDE, SIDE, 3));
            NDArray floats = bytes.toType(DataType.FLOAT32, false).div(255).sub(constant(manager, PixelStatistics.CLIP.mean()))
                    .div(constant(manager, PixelStatistics.CLIP.std())).transpose(0, 3, 1, 2);
            NDArray tokens = manager.create(new int[][] {{1, 5, 99, 0}, {1, 99, 0, 0}, {1, 6, 7, 99}});
            NDArray images = model.encodeImage(bytes, BatchStatistics.EVAL);
            NDArray texts = model.encodeText(tokens);

            assertClose(predictor.predict(new NDList(bytes, method(manager, "encode_image"))).singletonOrThrow(), images);
            assertClose(predictor.predict(new NDList(floats, method(manager, "encode_image"))).singletonOrThrow(), images);
            assertClose(predictor.predict(new NDList(tokens, method(manager, "encode_text"))).singletonOrThrow(), texts);
            NDList logits = predictor.predict(new NDList(bytes, tokens));
            NDArray expected = images.div(images.norm(new int[] {1}, true)).matMul(texts.div(texts.norm(new int[] {1}, true)).transpose())
                    .mul(model.logitScale().exp());
            assertThat(logits).hasSize(2);
            assertClose(logits.get(0), expected);
            assertClose(logits.get(1), expected.transpose());
        }
    }

    private static ModelConfig config(List<Integer> visionLayers, int visionWidth, int patch) {
        return new ModelConfig(16, SIDE, visionLayers, visionWidth, patch, 8, 100, 64, 2, 2);
    }

    private ZooModel<NDList, NDList> load(ModelConfig config, Map<String, HostTensor> weights) throws Exception {
        Path file = dir.resolve("clip.pt");
        try (OutputStream out = Files.newOutputStream(file)) {
            StandaloneClip.write(Channels.newChannel(out), config, PixelStatistics.CLIP, weights);
        }
        return Criteria.builder().setTypes(NDList.class, NDList.class).optModelPath(file).optEngine("PyTorch")
                .optTranslator(new NoopTranslator()).build().loadModel();
    }

    /** How DJL chooses a method other than forward. */
    private static NDArray method(NDManager manager, String name) {
        NDArray mark = manager.create(0f);
        mark.setName("module_method:" + name);
        return mark;
    }

    private static NDArray constant(NDManager manager, float[] values) {
        return manager.create(values);
    }

    private static void assertClose(NDArray actual, NDArray expected) {
        assertThat(actual.getShape()).isEqualTo(expected.getShape());
        float[] values = expected.toFloatArray();
        float[] computed = actual.toFloatArray();
        for (int i = 0; i < values.length; i++) {
            assertThat(computed[i]).isCloseTo(values[i], org.assertj.core.data.Offset.offset(1e-5f));
        }
    }
}
