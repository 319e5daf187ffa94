package ai.modx.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.modx.Golden;
import ai.modx.torch.HostTensor;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One of the golden cases tiny_vit and tiny_rn: configuration, weights and inputs. */
public record GoldenModel(String name, ModelConfig config, Map<String, HostTensor> state) {

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

    /** Batch {@code index} of golden images [N, B, 3, S, S] or [B, 3, S, S]: (byte - 128) / 64, the golden files' normalisation. */
    public static NDArray images(NDManager manager, HostTensor bytes, int index) {
        long[] shape = bytes.shape();
        int rank = shape.length;
        int size = (int) HostTensor.numel(shape[rank - 4], 3, shape[rank - 2], shape[rank - 1]);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = ((bytes.data().get(index * size + i) & 0xff) - 128) / 64f;
        }
        return manager.create(values, new Shape(shape[rank - 4], 3, shape[rank - 2], shape[rank - 1]));
    }

    /** Batch {@code index} of golden tokens [N, B, L] or [B, L]. */
    public static NDArray tokens(NDManager manager, HostTensor ids, int index) {
        long[] shape = ids.shape();
        int rank = shape.length;
        int size = (int) (shape[rank - 2] * shape[rank - 1]);
        long[] values = new long[size];
        ids.data().asLongBuffer().get(index * size, values);
        return manager.create(values, new Shape(shape[rank - 2], shape[rank - 1])).toType(DataType.INT64, false);
    }
}
