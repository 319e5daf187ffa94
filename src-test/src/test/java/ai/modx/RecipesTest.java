package ai.modx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.checkpoint.CheckpointContents;
import ai.modx.checkpoint.CheckpointWriter;
import ai.modx.cli.CommandRunner;
import ai.modx.continualtrain.ContinualTrain;
import ai.modx.data.sample.SampleData;
import ai.modx.data.sample.SampleSettings;
import ai.modx.jointtrain.JointTrain;
import ai.modx.lineareval.LinearEval;
import ai.modx.model.ClipParameters;
import ai.modx.model.ModelTable;
import ai.modx.modxtrain.ModXTrain;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every recipe in configs/, by the command that its name begins with. */
class RecipesTest {

    private static final Path CONFIGS = Path.of(System.getProperty("project.root"), "configs");

    @TempDir
    static Path dir;

    @BeforeAll
    static void makeDataAndModel() {
        new SampleData(new SampleSettings(15, 1, 32)).write(dir.resolve("data"));
        CheckpointWriter.write(dir.resolve("start.pt"), new CheckpointContents(0, 0,
                ClipParameters.initialState(ModelTable.bundled().get("tiny_vit"), 1), Optional.empty(), Map.of()));
    }

    static List<Path> recipes() throws IOException {
        try (Stream<Path> files = Files.walk(CONFIGS)) {
            return files.filter(Files::isRegularFile).filter(file -> !file.endsWith("model_config.yaml")).map(CONFIGS::relativize).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void commandAcceptsRecipe(Path recipe) throws IOException {
        String name = recipe.getFileName().toString();
        boolean linear = name.startsWith("linear");
        Object command = linear ? new LinearEval() : name.startsWith("joint") ? new JointTrain() : name.startsWith("continual") ? new ContinualTrain() : new ModXTrain();
        String flickr = dir.resolve("data/flickr/flickr30k-images").toString();
        String annotations = dir.resolve("data/flickr/dataset_flickr30k.json").toString();
        List<String> data = linear ? List.of("--train_dir", dir.resolve("data/folder/train").toString(), "--val_dir", dir.resolve("data/folder/val").toString(),
                "--cnn", dir.resolve("start.pt").toString(), "--checkpoint-dir", dir.resolve("run").toString())
                : name.startsWith("joint")
                ? List.of("--flickr30k_train_img_dir", flickr, "--flickr30k_train_annotation_file", annotations)
                : List.of("--train_img_dir", flickr, "--train_annotation_file", annotations, "--checkpoint_path", dir.resolve("start.pt").toString());
        List<String> arguments = new ArrayList<>(List.of("-q", "--dry_run", "--config", CONFIGS.resolve(recipe).toString(),
                "--model_name", "tiny_vit", "--model_config", CONFIGS.resolve("model_config.yaml").toString(), "--devices", "cpu"));
        arguments.addAll(data);
        if (!linear) {
            arguments.addAll(List.of("--train_dir", dir.resolve("run").toString()));
        }
        StringWriter errors = new StringWriter();

        int exitCode = CommandRunner.run(new PrintWriter(new StringWriter()), new PrintWriter(errors), command, arguments.toArray(String[]::new));

        assertThat(errors.toString()).isEmpty();
        assertThat(exitCode).isZero();
        assertThat(Files.readString(CONFIGS.resolve(recipe))).as("header").startsWith("# Recipe of ").contains("\n#   Command ", "\n#   Size ",
                "\n#   Time ", "\n#   Result ");
    }
}
