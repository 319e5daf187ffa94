package ai.modx.checkpoint;

import ai.modx.torch.HostTensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The state dict of Hugging Face's {@code CLIPModel} and OpenAI's: one table of names, read from left to right and from right to
 * left. Beside the names, two layouts differ: the projections to the embedding are (E, D) there and (D, E) here, and queries,
 * keys and values have a matrix each there and a stacked one here. They know a CLIP with a VisionTransformer only.
 */
final class HuggingFaceNames {

    /** A name begins with one of these; the first that fits counts. */
    private static final String[][] BEGINNINGS = {
        {"visual.transformer.resblocks.", "vision_model.encoder.layers."},
        {"visual.class_embedding", "vision_model.embeddings.class_embedding"},
        {"visual.positional_embedding", "vision_model.embeddings.position_embedding.weight"},
        {"visual.conv1.", "vision_model.embeddings.patch_embedding."},
        {"visual.ln_pre.", "vision_model.pre_layrnorm."},
        {"visual.ln_post.", "vision_model.post_layernorm."},
        {"visual.proj", "visual_projection.weight"},
        {"transformer.resblocks.", "text_model.encoder.layers."},
        {"token_embedding.", "text_model.embeddings.token_embedding."},
        {"positional_embedding", "text_model.embeddings.position_embedding.weight"},
        {"ln_final.", "text_model.final_layer_norm."},
        {"text_projection", "text_projection.weight"},
        {"logit_scale", "logit_scale"},
    };
    /** What a name inside a layer may contain. */
    private static final String[][] PARTS = {
        {".ln_1.", ".layer_norm1."},
        {".ln_2.", ".layer_norm2."},
        {".attn.in_proj_", ".self_attn.in_proj."},
        {".attn.out_proj.", ".self_attn.out_proj."},
        {".mlp.c_fc.", ".mlp.fc1."},
        {".mlp.c_proj.", ".mlp.fc2."},
    };
    private static final int OURS = 0;
    private static final int THEIRS = 1;

    /** Stands in the table for the three names that a stacked tensor has there. */
    private static final String STACKED = ".in_proj.";
    private static final List<String> SPLIT = List.of(".q_proj.", ".k_proj.", ".v_proj.");
    private static final List<String> TRANSPOSED = List.of("visual.proj", "text_projection");
    /** A buffer of 0, 1, 2, ... that their older versions save. */
    private static final String POSITIONS = ".position_ids";

    private HuggingFaceNames() {}

    /** Whether these are names of theirs. */
    static boolean matches(Collection<String> names) {
        return names.contains("text_model.embeddings.token_embedding.weight");
    }

    /** Their tensors, from OpenAI's; the order is kept. */
    static Map<String, HostTensor> toHuggingFace(Map<String, HostTensor> model) {
        Map<String, HostTensor> theirs = new LinkedHashMap<>();
        model.forEach((name, tensor) -> {
            String their = renamed(name, OURS, THEIRS);
            if (their.contains(STACKED)) {
                for (int part = 0; part < SPLIT.size(); part++) {
                    theirs.put(their.replace(STACKED, SPLIT.get(part)), part(tensor, part));
                }
            } else {
                theirs.put(their, TRANSPOSED.contains(name) ? transposed(tensor) : tensor);
            }
        });
        return theirs;
    }

    /** OpenAI's tensors, from theirs. What the table does not know, or is there in part only, keeps its name. */
    static Map<String, HostTensor> toOpenAi(Map<String, HostTensor> theirs) {
        Map<String, HostTensor> model = new LinkedHashMap<>();
        theirs.forEach((their, tensor) -> {
            Optional<String> split = SPLIT.stream().filter(their::contains).findFirst();
            if (split.isPresent()) {
                String common = their.replace(split.get(), STACKED);
                List<HostTensor> parts = SPLIT.stream().map(part -> theirs.get(common.replace(STACKED, part))).filter(part -> alike(part, tensor)).toList();
                if (parts.size() < SPLIT.size()) {
                    model.put(their, tensor);
                } else if (split.get().equals(SPLIT.get(0))) {
                    model.put(renamed(common, THEIRS, OURS), stacked(parts));
                }
            } else if (!their.endsWith(POSITIONS)) {
                String name = renamed(their, THEIRS, OURS);
                model.put(name, TRANSPOSED.contains(name) && tensor.shape().length == 2 ? transposed(tensor) : tensor);
            }
        });
        return model;
    }

    private static boolean alike(HostTensor part, HostTensor other) {
        return part != null && part.type() == other.type() && part.shape().length > 0 && Arrays.equals(part.shape(), other.shape());
    }

    private static String renamed(String name, int from, int to) {
        for (String[] beginning : BEGINNINGS) {
            if (name.startsWith(beginning[from])) {
                String renamed = beginning[to] + name.substring(beginning[from].length());
                for (String[] part : PARTS) {
                    renamed = renamed.replace(part[from], part[to]);
                }
                return renamed;
            }
        }
        return name;
    }

    /** One third of the rows. */
    private static HostTensor part(HostTensor stacked, int part) {
        long[] shape = stacked.shape();
        shape[0] /= SPLIT.size();
        int bytes = stacked.data().remaining() / SPLIT.size();
        return new HostTensor(stacked.type(), shape, stacked.data().slice(part * bytes, bytes));
    }

    private static HostTensor stacked(List<HostTensor> parts) {
        HostTensor first = parts.get(0);
        long[] shape = first.shape();
        shape[0] *= parts.size();
        ByteBuffer data = ByteBuffer.allocate(Math.multiplyExact(first.data().remaining(), parts.size()));
        parts.forEach(part -> data.put(part.data()));
        return new HostTensor(first.type(), shape, data.flip());
    }

    private static HostTensor transposed(HostTensor matrix) {
        long[] shape = matrix.shape();
        int rows = (int) shape[0];
        int columns = (int) shape[1];
        int bytes = matrix.type().bytes();
        ByteBuffer from = matrix.data();
        ByteBuffer to = ByteBuffer.allocate(from.remaining());
        for (int column = 0; column < columns; column++) {
            for (int row = 0; row < rows; row++) {
                to.put(from.slice((row * columns + column) * bytes, bytes));
            }
        }
        return new HostTensor(matrix.type(), new long[] {columns, rows}, to.flip());
    }
}
