package ai.modx.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.modx.Golden;
import ai.modx.data.Batch;
import ai.modx.data.BatchRequest;
import ai.modx.torch.HostTensor;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** One of the golden cases tiny_vit and tiny_rn: configuration, weights and inputs. */
public record GoldenModel(String name, ModelConfig config, Map<String, HostTensor> state) {

    /** The golden files normalise by (byte - 128) / 64. */
    public static final Computation COMPUTATION = new Computation(
            Precision.FP32, new PixelStatistics(grey(128), grey(64)), true, false, LinearLayers.AUTO);

    public static GoldenModel load(String name) {
        return new GoldenModel(name, config(Golden.json(name + "/case.json").get("config")), Golden.tensors(name + "/state.safetensors"));
    }

    public static ModelConfig config(JsonNode json) {
        List<Integer> layers = new ArrayList<>();
        if (json.get("vision_layers").isArray()) {
            json.get("vision_layers").forEach(layer -> layers.add(layer.asInt()));
        } else {
            layers.add(json.get("vision_layers").asInt());
        }
        return new ModelConfig(json.get("embed_dim").asInt(), json.get("image_resolution").asInt(), layers,
                json.get("vision_width").asInt(), json.get("vision_patch_size").asInt(), json.get("context_length").asInt(),
                json.get("vocab_size").asInt(), json.get("transformer_width").asInt(), json.get("transformer_heads").asInt(),
                json.get("transformer_layers").asInt());
    }

    private static float[] grey(int level) {
        return new float[] {level / 255f, level / 255f, level / 255f};
    }

    /** Batch {@code index} of golden images [N, B, 3, S, S] or [B, 3, S, S] and tokens, as the loader would deliver it. */
    public static Batch batch(HostTensor images, HostTensor tokens, int index) {
        long[] shape = images.shape();
        int batch = (int) shape[shape.length - 4];
        int area = (int) (shape[shape.length - 1] * shape[shape.length - 2]);
        ByteBuffer planes = images.data().position(index * batch * 3 * area).slice();
        ByteBuffer pixels = ByteBuffer.allocateDirect(batch * 3 * area);
        for (int image = 0; image < batch; image++) {
            for (int i = 0; i < area; i++) {
                for (int channel = 0; channel < 3; channel++) {
                    pixels.put(planes.get((image * 3 + channel) * area + i));
                }
            }
        }
        int length = (int) tokens.shape()[tokens.shape().length - 1];
        LongBuffer ids = tokens.data().asLongBuffer().position(index * batch * length);
        int[] rows = IntStream.range(0, batch * length).map(i -> (int) ids.get()).toArray();
        return new Batch(new BatchRequest(0, IntStream.range(0, batch).toArray()), pixels.flip(), rows);
    }

    public static NDArray images(NDManager manager, Batch batch) {
        long side = (long) Math.sqrt(batch.images().remaining() / 3.0 / batch.size());
        return manager.create(batch.images(), new Shape(batch.size(), side, side, 3), DataType.UINT8);
    }

    public static NDArray tokens(NDManager manager, Batch batch) {
        return manager.create(batch.tokens(), new Shape(batch.size(), batch.tokens().length / batch.size()));
    }
}
