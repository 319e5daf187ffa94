package ai.modx.lineareval;

import ai.modx.model.ClipParameters;
import ai.modx.model.Computation;
import ai.modx.model.ModelConfig;
import java.util.List;

/** The smallest models that can be evaluated, with random weights. */
final class TinyModels {

    /** The same architectures as a model table. */
    static final String TABLE = """
            vit:
              {embed_dim: 16, image_resolution: 32, vision_layers: 1, vision_width: 64, vision_patch_size: 8,
               context_length: 8, vocab_size: 64, transformer_width: 16, transformer_heads: 1, transformer_layers: 1}
            rn:
              {embed_dim: 16, image_resolution: 32, vision_layers: [1, 1, 1, 1], vision_width: 8, vision_patch_size: 0,
               context_length: 8, vocab_size: 64, transformer_width: 16, transformer_heads: 1, transformer_layers: 1}
            """;

    static final ModelConfig VIT = new ModelConfig(16, 32, List.of(1), 64, 8, 8, 64, 16, 1, 1);
    static final ModelConfig RESNET = new ModelConfig(16, 32, List.of(1, 1, 1, 1), 8, 0, 8, 64, 16, 1, 1);

    private TinyModels() {}

    static Backbone vit(Computation computation) {
        return new Backbone("vit", VIT, computation, ClipParameters.initialState(VIT, 1), "00000000");
    }
}
