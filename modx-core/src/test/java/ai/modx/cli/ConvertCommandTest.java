package ai.modx.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.modx.checkpoint.AdamWState;
import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointContents;
import ai.modx.checkpoint.CheckpointException;
import ai.modx.checkpoint.CheckpointWriter;
import ai.modx.model.ClipParameters;
import ai.modx.model.ModelConfig;
import ai.modx.model.ModelTable;
import ai.modx.optim.AdamW;
import ai.modx.text.ClipTokenizer;
import ai.modx.torch.HostTensor;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvertCommandTest {

    private static final String TABLE = """
            vit: {embed_dim: 8, image_resolution: 32, vision_layers: 2, vision_width: 128, vision_patch_size: 16,
                  context_length: 12, vocab_size: 49408, transformer_width: 64, transformer_heads: 1, transformer_layers: 1}
            resnet: {embed_dim: 8, image_resolution: 32, vision_layers: [1, 1, 1, 1], vision_width: 8, vision_patch_size: 0,
                  context_length: 12, vocab_size: 49408, transformer_width: 64, transformer_heads: 2, transformer_layers: 1}
            """;

    @TempDir
    static Path shared;
    private static Path table;

    @TempDir
    Path dir;

    @BeforeAll
    static void makeCheckpoints() throws IOException {
        table = Files.writeString(shared.resolve("models.yaml"), TABLE);
        for (String name : List.of("vit", "resnet")) {
            ModelConfig config = ModelTable.read(table).get(name);
            Map<String, HostTensor> state = ClipParameters.initialState(config, 3);
            HostTensor moment = state.get("ln_final.bias");
            AdamWState optimizer = new AdamWState(List.of(new AdamWState.Group(1e-3, 1e-3, 0.9, 0.98, 1e-6, 0.1, List.of(0))),
                    new TreeMap<>(Map.of(0, new AdamW.Moments(7, moment, moment))));
            CheckpointWriter.write(shared.resolve(name + ".pt"), new CheckpointContents(4, 700, state, Optional.of(optimizer), Map.of("ours", 1)));
        }
    }

    @ParameterizedTest
    @CsvSource({"vit, openai, m.pt, m.pt", "resnet, safetensors, m.safetensors, m.safetensors", "vit, original, m.pt, m.pt", "resnet, original, m.pth, m.pth",
        "resnet, open_clip, m, m/open_clip_model.safetensors", "vit, huggingface, m, m/model.safetensors"})
    void whatIsWrittenIsReadBackToTheSameBits(String model, String layout, String out, String file) {
        Shell.Result result = convert(model, layout, dir.resolve(out));

        assertThat(result).isEqualTo(new Shell.Result(0, dir.resolve(out) + ": " + model + " for " + layout + "\n", ""));
        Map<String, HostTensor> before = Checkpoint.read(shared.resolve(model + ".pt")).model();
        Checkpoint after = Checkpoint.read(dir.resolve(file));
        assertThat(after.shapes().keySet()).containsExactlyInAnyOrderElementsOf(before.keySet());
        before.forEach((name, tensor) -> assertThat(after.model().get(name).data()).as(name).isEqualTo(tensor.data()));
    }

    @Test
    void theFileThatIsReadIsNotReplaced() throws IOException {
        Path file = Files.copy(shared.resolve("vit.pt"), dir.resolve("vit.pt"));
        byte[] before = Files.readAllBytes(file);
        Path link = Files.createSymbolicLink(dir.resolve("link.pt"), file);
        for (Path out : List.of(file, link)) {
            Shell.Result result = Shell.run(new Modx(), "convert", "--model_config", table.toString(), file.toString(), "--to", "safetensors", "--out", out.toString());
            assertThat(result.err()).contains("--out " + out + " is the file that is read, and would be replaced; name another one");
        }
        assertThat(file).hasBinaryContent(before);
    }

    @Test
    void whatARunWroteIsNotReplaced() throws IOException {
        Path checkpoint = Files.writeString(dir.resolve("checkpoint_0_4.pt"), "weights");
        assertThat(convert("vit", "original", checkpoint)).isEqualTo(new Shell.Result(2, "",
                "modx convert: --out " + checkpoint + " belongs to the run in " + dir + "; name another file\n"));
        assertThat(checkpoint).hasContent("weights");
        Files.createFile(dir.resolve("run.json"));
        Path next = dir.resolve("checkpoint_1_8.pt");
        assertThat(run("export", shared.resolve("resnet.pt").toString(), "--out", next.toString())).isEqualTo(new Shell.Result(2, "",
                "modx export: --out " + next + " belongs to the run in " + dir + "; name another file\n"));
        assertThat(convert("vit", "original", dir.resolve("mine.pt")).exitCode()).isZero();
    }

    @Test
    void theEndingTellsTheFormat() {
        Path onnx = dir.resolve("m.onnx");
        assertThat(run("export", shared.resolve("resnet.pt").toString(), "--out", onnx.toString())).isEqualTo(new Shell.Result(2, "",
                "modx export: --out " + onnx + ": expected a name that ends in .pt or .pth or .ts, the format that is written\n"));
        Path torch = dir.resolve("m.pt");
        assertThat(convert("vit", "safetensors", torch)).isEqualTo(new Shell.Result(2, "",
                "modx convert: --out " + torch + ": expected a name that ends in .safetensors, the format that is written\n"));
    }

    @Test
    void theOriginalsDictHoldsTheOptimizerIfAsked() {
        convert("vit", "original", dir.resolve("without.pt"));
        convert("vit", "original", dir.resolve("with.pt"), "--keep_optimizer");

        Checkpoint with = Checkpoint.read(dir.resolve("with.pt"));
        assertThat(with.entries().asMap().keySet()).containsExactly("epoch", "global_step", "model_state_dict", "optimizer_state_dict", "model_config");
        assertThat(with.optimizer().orElseThrow().step()).isEqualTo(7);
        assertThat(with.globalStep()).hasValue(700);
        assertThat(Checkpoint.read(dir.resolve("without.pt")).entries().asMap().keySet()).containsExactly("epoch", "global_step", "model_state_dict", "model_config");
    }

    @Test
    void huggingFaceGetsModelTokenizerAndPreprocessing() throws IOException {
        convert("vit", "huggingface", dir);

        JsonNode config = json("config.json");
        assertThat(config.at("/text_config/num_attention_heads").intValue()).isEqualTo(1);
        assertThat(config.at("/vision_config/num_attention_heads").intValue()).isEqualTo(2);
        assertThat(config.at("/vision_config/hidden_act").textValue()).isEqualTo("quick_gelu");
        assertThat(config.at("/text_config/eos_token_id").intValue()).isEqualTo(ClipTokenizer.END);
        assertThat(json("preprocessor_config.json").at("/size/shortest_edge").intValue()).isEqualTo(32);
        JsonNode vocabulary = json("vocab.json");
        assertThat(vocabulary).hasSize(ClipTokenizer.VOCABULARY_SIZE);
        assertThat(vocabulary.get("cat</w>").intValue()).isEqualTo(ClipTokenizer.load().encode("cat")[0]);
        assertThat(vocabulary.get("\u0120").intValue()).as("a blank").isEqualTo(220);
        assertThat(Files.readAllLines(dir.resolve("merges.txt"))).hasSize(1 + 48894).startsWith("#version: 0.2", "i n", "t h");
    }

    @Test
    void openClipGetsTheArchitecture() throws IOException {
        convert("resnet", "open_clip", dir);

        JsonNode model = json("open_clip_config.json").get("model_cfg");
        assertThat(model.at("/quick_gelu").booleanValue()).isTrue();
        assertThat(model.at("/vision_cfg/layers")).hasSize(4);
        assertThat(model.at("/vision_cfg/patch_size").isNull()).isTrue();
        assertThat(model.at("/vision_cfg/head_width").intValue()).isEqualTo(64);
        assertThat(model.at("/text_cfg/heads").intValue()).isEqualTo(2);
    }

    @Test
    void aModelWithAnotherActivationIsNotTakenForOneOfOurs() throws IOException {
        convert("resnet", "open_clip", dir.resolve("oc"));
        convert("vit", "huggingface", dir.resolve("hf"));
        ModelConfig resnet = ModelTable.read(table).get("resnet");
        ModelConfig vit = ModelTable.read(table).get("vit");
        Path openClip = dir.resolve("oc/open_clip_model.safetensors");
        Path huggingFace = dir.resolve("hf/model.safetensors");
        Checkpoint.read(openClip, resnet, "resnet");
        Checkpoint.read(huggingFace, vit, "vit");

        replace(dir.resolve("oc/open_clip_config.json"), "quick_gelu", "gelu");
        replace(dir.resolve("hf/config.json"), "quick_gelu", "gelu");
        assertThatThrownBy(() -> Checkpoint.read(openClip, resnet, "resnet")).isInstanceOf(CheckpointException.class)
                .hasMessage(openClip + " belongs to a model that cannot be computed: quick_gelu of the open_clip_config.json beside it is left out, which means false, and here it is true. "
                        + "Choose other weights, or another --model_name if the table has one with it");
        assertThatThrownBy(() -> Checkpoint.read(huggingFace, vit, "vit")).isInstanceOf(CheckpointException.class)
                .hasMessage(huggingFace + " belongs to a model that cannot be computed: text_config.hidden_act of the config.json beside it is \"gelu\", and here it is \"quick_gelu\". "
                        + "Choose other weights, or another --model_name if the table has one with it");
    }

    private static void replace(Path file, String from, String to) throws IOException {
        Files.writeString(file, Files.readString(file).replace(from, to));
    }

    @Test
    void whatCannotBeIsRefused() throws IOException {
        Path out = dir.resolve("out");
        assertThat(convert("resnet", "huggingface", out)).isEqualTo(new Shell.Result(5, "", "modx convert: " + shared.resolve("resnet.pt")
                + " has a ResNet as its image tower, and Hugging Face's transformers have no CLIP with one. Convert it to openai, open_clip or safetensors\n"));
        assertThat(convert("resnet", "openai", dir.resolve("out.pt"))).isEqualTo(new Shell.Result(5, "", "modx convert: " + shared.resolve("resnet.pt")
                + " has a text tower of width 64 with 2 heads, for which OpenAI's loader would take 1. Convert it to another layout\n"));
        assertThat(convert("vit", "openai", dir.resolve("out.pt"), "--keep_optimizer")).isEqualTo(new Shell.Result(2, "",
                "modx convert: --keep_optimizer: openai has no place for an optimizer's state; original has\n"));
        assertThat(convert("vit", "onnx", out).err()).startsWith(
                "modx convert: --to onnx: expected openai or original or safetensors or open_clip or huggingface\n");
        assertThat(convert("vit", "hf", out).err()).contains(" or huggingface. Did you mean huggingface?\n");
        assertThat(convert("vit", "open-clip", out).err()).contains("--to open-clip: expected ", " or huggingface. Did you mean open_clip?\n");
        assertThat(dir).isEmptyDirectory();
        Files.createDirectories(out.resolve("x"));
        assertThat(convert("vit", "huggingface", out)).isEqualTo(new Shell.Result(2, "",
                "modx convert: --out " + out + " is not empty (it holds x); give a new or empty folder\n"));
        assertThat(convert("vit", "safetensors", out)).isEqualTo(new Shell.Result(2, "", "modx convert: --out " + out + " is a folder; name a file in it\n"));
        Path weights = dir.resolve("weights.safetensors");
        convert("vit", "safetensors", weights);
        assertThat(run("convert", weights.toString(), "--to", "original", "--out", out.resolve("y.pt").toString(), "--keep_optimizer")).isEqualTo(
                new Shell.Result(5, "", "modx convert: " + weights + " has no state of AdamW that could be kept. Convert it without --keep_optimizer\n"));
    }

    @Test
    void anExportIsAnArchiveThatCanBeReadAgain() {
        Path out = dir.resolve("e.pt");

        assertThat(run("export", shared.resolve("resnet.pt").toString(), "--out", out.toString())).isEqualTo(
                new Shell.Result(0, out + ": resnet as a TorchScript archive\n", ""));
        assertThat(run("inspect", out.toString()).out()).contains("format       TorchScript archive\n", "image tower  ResNet, width 8",
                "also holds   input_resolution (a tensor)\n             context_length (a tensor)\n", "             std (a tensor)\n");
    }

    private JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(dir.resolve(name).toFile());
    }

    private static Shell.Result convert(String model, String layout, Path out, String... more) {
        List<String> arguments = new ArrayList<>(List.of("convert", shared.resolve(model + ".pt").toString(), "--to", layout, "--out", out.toString()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private static Shell.Result run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!arguments[0].equals("inspect")) {
            all.addAll(List.of("--model_config", table.toString()));
        }
        return Shell.run(new Modx(), all.toArray(String[]::new));
    }
}
