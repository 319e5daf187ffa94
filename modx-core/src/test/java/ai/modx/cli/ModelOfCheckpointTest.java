package ai.modx.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointContents;
import ai.modx.checkpoint.CheckpointException;
import ai.modx.checkpoint.CheckpointWriter;
import ai.modx.model.ClipParameters;
import ai.modx.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelOfCheckpointTest {

    private static final ModelConfig MINE = new ModelConfig(16, 32, List.of(1), 64, 16, 24, 16, 64, 4, 1);
    private static final String JSON = "{\"embed_dim\":16,\"image_resolution\":32,\"vision_layers\":1,\"vision_width\":64,\"vision_patch_size\":16,"
            + "\"context_length\":24,\"vocab_size\":16,\"transformer_width\":64,\"transformer_heads\":4,\"transformer_layers\":1}";

    @TempDir
    Path dir;

    @Test
    void isWhatTheCheckpointSays() {
        Path file = save(Map.of("model_name", "mine", "identity", Map.of("model", JSON)));
        assertThat(find(file)).isEqualTo(new ModelOfCheckpoint("mine", MINE));
        assertThat(find(file).read(file).epoch()).hasValue(0);
    }

    @Test
    void earlierCheckpointsDoNotSayItsName() {
        Path file = save(Map.of("identity", Map.of("model", JSON)));
        assertThat(find(file)).isEqualTo(new ModelOfCheckpoint("the model of " + file, MINE));
    }

    @Test
    void whatIsMadeOfCheckpointsSaysItToo() {
        Path file = save(Map.of("model_name", "mine", "identity", Map.of("model", JSON)));
        for (String made : List.of("mean.pt", "mean.safetensors", "converted.pt", "converted.safetensors")) {
            Path out = dir.resolve(made);
            String[] arguments = made.startsWith("mean") ? new String[] {"average", file.toString(), file.toString(), "--out", out.toString()}
                    : new String[] {"convert", file.toString(), "--to", made.endsWith(".pt") ? "original" : "safetensors", "--out", out.toString()};
            assertThat(Shell.run(new Modx(), arguments).err()).as(made).isEmpty();
            assertThat(find(out).config()).as(made).isEqualTo(MINE);
        }
    }

    @Test
    void modelsThatSayThatTheirHeadsDifferAreNotMixed() throws IOException {
        Path file = Files.move(save(Map.of("identity", Map.of("model", JSON))), dir.resolve("four.pt"));
        Path other = save(Map.of("identity", Map.of("model", JSON.replace("heads\":4", "heads\":2"))));
        Shell.Result result = Shell.run(new Modx(), "average", file.toString(), other.toString(), "--out", dir.resolve("mean.pt").toString());
        assertThat(result.exitCode()).isEqualTo(5);
        assertThat(result.err()).contains(other + " is of another architecture than " + file, "transformer_heads=2", "transformer_heads=4");
    }

    @Test
    void flagsWin() {
        Path file = save(Map.of("model_name", "mine", "identity", Map.of("model", JSON)));
        assertThat(ModelOfCheckpoint.of(Checkpoint.read(file), Optional.empty(), Optional.of("ViT")).name()).isEqualTo("ViT");
        Path table = Path.of("..", "configs", "model_config.yaml");
        assertThatThrownBy(() -> ModelOfCheckpoint.of(Checkpoint.read(file), Optional.of(table), Optional.empty())).isInstanceOf(CheckpointException.class)
                .hasMessageContaining(file + " fits no model of " + table);
    }

    @Test
    void whatDescribesNoModelIsRefused() {
        refuses(JSON.replace("\"transformer_heads\":4,", ""), "transformer_heads");
        refuses(JSON.replace("64,\"transformer_heads\"", "63,\"transformer_heads\""), "transformer_width is 63. Expected a multiple of transformer_heads, which is 4");
        refuses("[[[", "malformed YAML");
        Path other = save(Map.of("identity", Map.of("model", JSON.replace("\"embed_dim\":16", "\"embed_dim\":32"))));
        assertThatThrownBy(() -> find(other).read(other)).isInstanceOf(CheckpointException.class).hasMessageContaining("does not fit the model of " + other);
        assertThatThrownBy(() -> find(save(Map.of("identity", "none")))).hasMessageContaining("fits no model of");
    }

    private void refuses(String json, String problem) {
        Path file = save(Map.of("identity", Map.of("model", json)));
        assertThatThrownBy(() -> find(file)).isInstanceOf(CheckpointException.class).hasMessageStartingWith(file + " does not describe its model: ")
                .hasMessageContaining(problem);
    }

    private static ModelOfCheckpoint find(Path file) {
        return ModelOfCheckpoint.of(Checkpoint.read(file), Optional.empty(), Optional.empty());
    }

    private Path save(Map<String, Object> run) {
        Path file = dir.resolve("checkpoint.pt");
        CheckpointWriter.write(file, new CheckpointContents(0, 0, ClipParameters.initialState(MINE, 1), Optional.empty(), Map.of(Checkpoint.RUN, run)));
        return file;
    }
}
