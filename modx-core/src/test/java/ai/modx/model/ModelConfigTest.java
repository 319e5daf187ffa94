package ai.modx.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import org.junit.jupiter.api.Test;

class ModelConfigTest {

    private static final ModelConfig VIT = vision(64, List.of(2), 64, 16);
    private static final ModelConfig RESNET = vision(64, List.of(1, 1, 1, 1), 16, 0);

    @Test
    void visionTransformerHasPatchesAndHeadsOf64() {
        assertThat(VIT.isResNet()).isFalse();
        assertThat(VIT.visionHeads()).isEqualTo(1);
        assertThat(VIT.visionGrid()).isEqualTo(4);
        assertThat(VIT.visionFeatureWidth()).isEqualTo(64);
        assertThat(vision(224, List.of(12), 768, 32).visionHeads()).isEqualTo(12);
        assertThat(vision(64, List.of(2), 32, 16).visionHeads()).isEqualTo(1);
    }

    @Test
    void resNetPoolsAGridOf32ndsWithHeadsOf64() {
        assertThat(RESNET.isResNet()).isTrue();
        assertThat(RESNET.visionHeads()).isEqualTo(8);
        assertThat(RESNET.visionGrid()).isEqualTo(2);
        assertThat(RESNET.visionFeatureWidth()).isEqualTo(512);
    }

    @Test
    void mapHasTheKeysOfTheTable() {
        assertThat(VIT.toMap()).containsExactly(
                entry("embed_dim", 32), entry("image_resolution", 64), entry("vision_layers", 2), entry("vision_width", 64),
                entry("vision_patch_size", 16), entry("context_length", 16), entry("vocab_size", 512),
                entry("transformer_width", 64), entry("transformer_heads", 2), entry("transformer_layers", 2));
        assertThat(RESNET.toMap()).contains(entry("vision_layers", List.of(1, 1, 1, 1)), entry("vision_patch_size", 0));
    }

    @Test
    void refusesVisionTowersThatCannotBe() {
        refuses("vision_layers is [1, 2]. Expected a list of four whole numbers (ResNet) or a single one (VisionTransformer)",
                () -> vision(64, List.of(1, 2), 64, 16));
        refuses("vision_layers is 0. Expected at least 1", () -> vision(64, List.of(1, 1, 0, 1), 16, 0));
        refuses("vision_patch_size is 16. Expected 0, since a list of vision_layers means a ResNet",
                () -> vision(64, List.of(1, 1, 1, 1), 16, 16));
        refuses("vision_patch_size is 0. Expected 1 to image_resolution, which is 64", () -> vision(64, List.of(2), 64, 0));
        refuses("image_resolution is 65. Expected a multiple of 32 for a ResNet", () -> vision(65, List.of(1, 1, 1, 1), 16, 0));
        refuses("vision_width is 15. Expected an even number for a ResNet", () -> vision(64, List.of(1, 1, 1, 1), 15, 0));
        refuses("vision_width is 200. Expected a multiple of the number of heads, vision_width / 64 = 3",
                () -> vision(64, List.of(2), 200, 16));
    }

    @Test
    void refusesTextTowersThatCannotBe() {
        refuses("context_length is 1. Expected at least 2, for the marks of start and end", () -> text(1, 512, 64, 2, 2));
        refuses("vocab_size is 1. Expected at least 2, for the marks of start and end", () -> text(16, 1, 64, 2, 2));
        refuses("transformer_width is 64. Expected a multiple of transformer_heads, which is 3", () -> text(16, 512, 64, 3, 2));
        refuses("transformer_heads is 0. Expected at least 1", () -> text(16, 512, 64, 0, 2));
        refuses("transformer_layers is 0. Expected at least 1", () -> text(16, 512, 64, 2, 0));
        refuses("transformer_layers is 2000000000. Expected at most 1024", () -> text(16, 512, 64, 2, 2_000_000_000));
        refuses("context_length is 2000000000. Expected at most 1048576", () -> text(2_000_000_000, 512, 64, 2, 2));
    }

    private static ModelConfig vision(int resolution, List<Integer> layers, int width, int patch) {
        return new ModelConfig(32, resolution, layers, width, patch, 16, 512, 64, 2, 2);
    }

    private static ModelConfig text(int context, int vocabulary, int width, int heads, int layers) {
        return new ModelConfig(32, 64, List.of(2), 64, 16, context, vocabulary, width, heads, layers);
    }

    private static void refuses(String message, Runnable construction) {
        assertThatIllegalArgumentException().isThrownBy(construction::run).withMessage(message);
    }
}
