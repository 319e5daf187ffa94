package ai.modx.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.modx.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelTableTest {

    private static final ModelTable TABLE = ModelTable.bundled();
    private static final String TINY = """
            tiny:
              embed_dim: 32
              image_resolution: 64
              vision_layers: 2
              vision_width: 64
              vision_patch_size: 16
              context_length: 16
              vocab_size: 49408
              transformer_width: 64
              transformer_heads: 2
              transformer_layers: 2
            """;

    @TempDir
    Path dir;
    private Path file;

    @BeforeEach
    void nameFile() {
        file = dir.resolve("models.yaml");
    }

    @Test
    void bundledTableHoldsThePublishedModels() {
        assertThat(TABLE.names()).containsExactly("RN50", "ViTB32", "ViTB16", "ViTL14", "tiny_vit", "tiny_rn");
        assertThat(TABLE.get("RN50")).isEqualTo(new ModelConfig(1024, 224, List.of(3, 4, 6, 3), 64, 0, 77, 49408, 512, 8, 6));
        assertThat(TABLE.get("ViTB32")).isEqualTo(new ModelConfig(512, 224, List.of(12), 768, 32, 77, 49408, 512, 8, 12));
    }

    @ParameterizedTest
    @CsvSource({
        "RN, RN50", "ViT, ViTB32", "ViT-B/32, ViTB32", "ViT-B-32, ViTB32", "ViT-B/16, ViTB16", "ViT-L/14, ViTL14", "tiny_rn, tiny_rn",
    })
    void otherNamesMeanEntries(String name, String entry) {
        assertThat(TABLE.get(name)).isEqualTo(TABLE.get(entry));
    }

    @Test
    void refusesUnknownModels() {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> TABLE.get("ViTB33")).withMessage("Unknown model 'ViTB33'."
                + " Did you mean 'ViTB32'? Models of model_config.yaml (bundled): RN50, ViTB32, ViTB16, ViTL14, tiny_vit, tiny_rn");
    }

    @Test
    void readsATableOfTheUser() throws IOException {
        Files.writeString(file, TINY);

        ModelTable table = ModelTable.read(file);

        assertThat(table.names()).containsExactly("tiny");
        assertThat(table.get("tiny")).isEqualTo(new ModelConfig(32, 64, List.of(2), 64, 16, 16, 49408, 64, 2, 2));
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> table.get("RN50"))
                .withMessage("Unknown model 'RN50'. Models of " + file + ": tiny");
    }

    @Test
    void namesFileLineAndKeyOfAMistake() {
        fails(TINY.replace("vision_width", "vision_widht"), ", line 5: unknown key 'vision_widht'. Did you mean 'vision_width'?");
        fails(TINY.replace("  vocab_size: 49408\n", ""), ", line 1: key 'vocab_size' is missing");
        fails(TINY.replace("vision_layers: 2", "vision_layers: many"),
                ", line 4: 'vision_layers' is 'many'. Expected a whole number or a list of them");
        fails("# models\n" + TINY.replace("heads: 2", "heads: 5"),
                ", line 2: model 'tiny': transformer_width is 64. Expected a multiple of transformer_heads, which is 5");
        fails("tiny: 3\n", ", line 1: 'tiny' is '3'. Expected a mapping, that is indented lines 'key: value'");
        fails("{}", ": holds no model");
    }

    private void fails(String yaml, String message) {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> {
            Files.writeString(file, yaml);
            ModelTable.read(file);
        }).withMessage(file + message);
    }
}
