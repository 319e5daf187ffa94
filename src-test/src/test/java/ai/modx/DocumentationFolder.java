package ai.modx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A folder in which the paths that the documentation names exist, on data and models as small as can be, and where its commands run as
 * they stand there. The shell itself takes them apart: in place of the launchers it finds scripts that write down how they were called.
 */
final class DocumentationFolder implements AutoCloseable {

    /** All that is changed in a command, where it has the flag: what the machine has, and how long it takes. */
    private static final Map<String, String> TINY = Map.of("--devices", "cpu", "--num_train_epochs", "1", "--epochs", "1");

    /** The names of the real models, for which the smallest ones stand in. */
    private static final String MODELS = """
            RN50: &rn
              {embed_dim: 16, image_resolution: 64, vision_layers: [1, 1, 1, 1], vision_width: 8, vision_patch_size: 0,
               context_length: 24, vocab_size: 49408, transformer_width: 16, transformer_heads: 1, transformer_layers: 1}
            ViTB32: &vit
              {embed_dim: 16, image_resolution: 32, vision_layers: 1, vision_width: 64, vision_patch_size: 8,
               context_length: 24, vocab_size: 49408, transformer_width: 16, transformer_heads: 1, transformer_layers: 1}
            """;

    /** What readers have before the first command: another model trained as the first one is. */
    private static final String BEFORE = "scripts/joint-train --train_dir runs/both --flickr30k_train_annotation_file "
            + "data/flickr30k/dataset_flickr30k.json --flickr30k_train_img_dir data/flickr30k/flickr30k-images";

    private static final List<String> SCRIPTS = List.of("train.sh", "cl_5phase.sh", "modx_5phase.sh", "linear_eval.sh", "compare.sh", "five_phases.sh",
            "defaults.sh", "stoppable.sh");

    private static final String RECORDER = """
            #!/usr/bin/env bash
            printf '%s\\0' "$(basename "$0")" "$@" '' >>"$CALLS"
            """;

    private final Path folder;
    private final DocumentedFlags flags;
    private final CommandProcess process;
    private int copied;

    DocumentationFolder(Path project, Path folder, DocumentedFlags flags) throws IOException, InterruptedException {
        this.folder = folder;
        this.flags = flags;
        process = new CommandProcess(folder);
        layOutScripts(project);
        layOutData();
        run(new ShellCommand("before all pages", BEFORE, "", 0));
    }

    private void layOutScripts(Path project) throws IOException {
        Path scripts = Files.createDirectory(folder.resolve("scripts"));
        for (String name : SCRIPTS) {
            Files.copy(project.resolve("scripts").resolve(name), scripts.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
        }
        for (String command : CommandProcess.COMMANDS.keySet()) {
            assertThat(Files.writeString(scripts.resolve(command), RECORDER).toFile().setExecutable(true)).isTrue();
        }
        Path configs = Files.createDirectory(folder.resolve("configs"));
        try (Stream<Path> recipes = Files.walk(project.resolve("configs"))) {
            for (Path recipe : recipes.filter(Files::isRegularFile).toList()) {
                Path copy = configs.resolve(project.resolve("configs").relativize(recipe).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(recipe, copy);
            }
        }
        Files.writeString(configs.resolve("model_config.yaml"), MODELS + "tiny_rn: *rn\ntiny_vit: *vit\n");
    }

    private void layOutData() throws IOException {
        Path drawn = TinyData.draw(Files.createDirectory(folder.resolve("drawn"))).folder().resolve("data");
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.move(drawn.resolve("coco"), data.resolve("coco"));
        Files.move(drawn.resolve("flickr"), data.resolve("flickr30k"));
        Files.move(drawn.resolve("folder"), data.resolve("imagenet"));
        copyPicture(folder.resolve("photos/first.png"));
        copyPicture(folder.resolve("more.jpg"));
        Files.writeString(folder.resolve("sentences.txt"), "a red circle\na blue star\n");
        Files.writeString(folder.resolve("templates.txt"), "a photo of a {}.\na drawing of a {}.\n");
        try (Stream<Path> classes = Files.list(data.resolve("imagenet/val"))) {
            Files.write(folder.resolve("names.txt"), classes.map(name -> name.getFileName() + "\t" + name.getFileName() + ", thing").sorted().toList());
        }
    }

    /** A picture that is like no other one that was copied, as long as there are some. */
    private void copyPicture(Path to) throws IOException {
        try (Stream<Path> pictures = Files.list(folder.resolve("data/coco/train2014"))) {
            Files.createDirectories(to.getParent());
            Files.copy(pictures.sorted().skip(copied++ % TinyData.IMAGES).findFirst().orElseThrow(), to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    Path resolve(String path) {
        return folder.resolve(path);
    }

    /** Writes a file that a page shows, and a picture for every one that it names, into the folder images beside it. */
    void write(Page.Block block) throws IOException {
        Path file = folder.resolve(block.file());
        Files.createDirectories(file.getParent());
        Files.write(file, block.lines());
        if (block.language().equals("json")) {
            for (JsonNode image : new ObjectMapper().readTree(file.toFile()).path("images")) {
                String name = image.path("file_name").asText(image.path("filename").asText());
                copyPicture(file.resolveSibling("images").resolve(image.path("filepath").asText()).resolve(name));
            }
        }
    }

    /** Runs a command, and expects it to end as it says. */
    void run(ShellCommand command) throws IOException, InterruptedException {
        List<List<String>> calls = calls(command);
        assertThat(calls).as("commands that are called").isNotEmpty();
        for (List<String> call : calls) {
            Outcome outcome = process.run(tiny(call));
            assertThat(outcome.exitCode()).as("%s: %s%n%s", command.place(), call, outcome).isEqualTo(command.exitCode());
        }
    }

    private List<List<String>> calls(ShellCommand command) throws IOException, InterruptedException {
        Path record = folder.resolve("calls");
        Files.deleteIfExists(record);
        ProcessBuilder builder = new ProcessBuilder("bash", "-euc", command.text()).directory(folder.toFile()).redirectErrorStream(true);
        List.of("CHECKPOINT", "CHECKPOINTS", "RUN", "DEVICES", "COCO", "FLICKR30K", "IMAGENET", "DATA", "OUT", "MODEL").forEach(builder.environment()::remove);
        builder.environment().put("CALLS", record.toString());
        Process shell = builder.start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(output).isZero();
        List<List<String>> calls = new ArrayList<>();
        for (String call : Files.exists(record) ? Files.readString(record).split("\0\0") : new String[0]) {
            calls.add(Arrays.asList(call.split("\0")));
        }
        return calls;
    }

    private List<String> tiny(List<String> call) {
        String command = call.get(0).equals("modx") ? "modx " + call.get(1) : call.get(0);
        List<String> words = new ArrayList<>(call);
        TINY.forEach((flag, value) -> {
            if (flags.find(command, flag).isPresent()) {
                int at = words.indexOf(flag);
                if (at < 0) {
                    words.addAll(List.of(flag, value));
                } else {
                    words.set(at + 1, value);
                }
            }
        });
        return words;
    }

    @Override
    public void close() {
        process.close();
    }
}
