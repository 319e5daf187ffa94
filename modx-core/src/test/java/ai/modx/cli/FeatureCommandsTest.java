package ai.modx.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointContents;
import ai.modx.checkpoint.CheckpointFile;
import ai.modx.checkpoint.CheckpointWriter;
import ai.modx.checkpoint.Tree;
import ai.modx.data.ImageFolder;
import ai.modx.data.sample.SampleData;
import ai.modx.data.sample.SampleSettings;
import ai.modx.model.ClipParameters;
import ai.modx.model.ModelTable;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The commands that compute features: encode, zero-shot, drift; and those that mix models. */
class FeatureCommandsTest {

    private static final String TABLE = """
            micro: {embed_dim: 4, image_resolution: 32, vision_layers: 1, vision_width: 64, vision_patch_size: 16,
                    context_length: 24, vocab_size: 49408, transformer_width: 64, transformer_heads: 1, transformer_layers: 1}
            """;
    private static final int WIDTH = 4;

    @TempDir
    static Path shared;
    private static Path table;
    private static Path a;
    private static Path b;

    @TempDir
    Path dir;

    @BeforeAll
    static void makeDataAndCheckpoints() throws IOException {
        new SampleData(new SampleSettings(12, 1, 32)).write(shared.resolve("data"));
        table = Files.writeString(shared.resolve("models.yaml"), TABLE);
        a = save("a.pt", 1);
        b = save("b.pt", 2);
    }

    @Test
    void encodesADataSetWithItsOwners() throws IOException {
        Path out = dir.resolve("f.safetensors");

        Shell.Result result = run("encode", a.toString(), "--out", out.toString(), "--batch_size", "5", "--annotation_file", annotations(), "--img_dir", images(),
                "--split", "train");

        assertThat(result).isEqualTo(new Shell.Result(0, out + ": 12 images and 60 texts\n", ""));
        Tree file = CheckpointFile.read(out).root();
        assertThat(file.get("model_state_dict").get("image_features").asTensor().shape()).containsExactly(12, WIDTH);
        assertThat(file.get("model_state_dict").get("text_features").asTensor().shape()).containsExactly(60, WIDTH);
        JsonNode owners = new ObjectMapper().readTree(file.get("owners").asString());
        assertThat(owners).hasSize(60);
        assertThat(owners.get(59).intValue()).isEqualTo(11);
        assertThat(new ObjectMapper().readTree(file.get("images").asString()).get(0).textValue()).doesNotStartWith("/");
    }

    @Test
    void rowsKeepTheirOrderWhateverTheBatches() throws IOException {
        Path texts = Files.writeString(dir.resolve("t.txt"), "a square\n\na very long caption about a circle on a green ground\ncat\n");
        List<String> rows = new ArrayList<>();
        for (int batch : new int[] {1, 2, 64}) {
            Path out = dir.resolve(batch + ".safetensors");
            assertThat(run("encode", a.toString(), "--texts", texts.toString(), "--out", out.toString(), "--normalize", "--batch_size", batch + "").err()).isEmpty();
            Tree file = CheckpointFile.read(out).root();
            assertThat(file.get("texts").asString()).isEqualTo("[\"a square\",\"a very long caption about a circle on a green ground\",\"cat\"]");
            float[] features = file.get("model_state_dict").get("text_features").asTensor().toFloatArray();
            StringBuilder row = new StringBuilder();
            for (int i = 0; i < 3; i++) {
                double length = 0;
                for (int j = 0; j < WIDTH; j++) {
                    length += Math.pow(features[i * WIDTH + j], 2);
                    row.append(Math.round(features[i * WIDTH + j] * 1e4)).append(' ');
                }
                assertThat(length).isCloseTo(1, within(1e-5));
            }
            rows.add(row.toString());
        }
        assertThat(rows).containsOnly(rows.get(0));
    }

    @Test
    void aFailedEncodingLeavesNoFile() throws IOException {
        Path broken = Files.writeString(dir.resolve("broken.jpg"), "no picture");

        Shell.Result result = run("encode", a.toString(), "--images", folder(), broken.toString(), "--out", dir.resolve("f.safetensors").toString());

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err()).startsWith("modx encode: ").contains(broken.toString());
        assertThat(dir).isDirectoryNotContaining(path -> path.toString().contains("safetensors"));
        assertThat(run("encode", a.toString(), "--out", dir.resolve("f").toString()).err()).isEqualTo(
                "modx encode: Nothing to encode: give either --images, --texts or both, or --annotation_file and --img_dir\n");
        assertThat(run("encode", a.toString(), "--out", dir.resolve("f").toString(), "--images", "i", "--img_dir", "j").err()).isEqualTo(
                "modx encode: Two kinds of data are given. Encode either --images, --texts or both, or --annotation_file and --img_dir\n");
        assertThat(run("encode", "--images", folder(), a.toString(), "--out", "f").err()).startsWith(
                "modx encode: FILE is required (a checkpoint of any known format). All words after --images belong to it: give FILE before it\n");
    }

    @Test
    void theFolderOfFeaturesIsMadeAndTheirEndingIsChecked() throws IOException {
        Path texts = Files.writeString(dir.resolve("t.txt"), "a red circle\n");
        Path out = dir.resolve("new/folder/f.safetensors");
        assertThat(run("encode", a.toString(), "--texts", texts.toString(), "--out", out.toString())).isEqualTo(
                new Shell.Result(0, out + ": 0 images and 1 text\n", ""));
        assertThat(out).isRegularFile();
        Path other = dir.resolve("f.npz");
        assertThat(run("encode", a.toString(), "--texts", texts.toString(), "--out", other.toString())).isEqualTo(new Shell.Result(2, "",
                "modx encode: --out " + other + ": expected a name that ends in .safetensors, the format that is written\n"));
    }

    @Test
    void textFilesThatCannotBeReadAreNamed() throws IOException {
        Path none = dir.resolve("none.txt");
        Path binary = Files.write(dir.resolve("x.jpg"), new byte[] {(byte) 0xff, (byte) 0xd8});
        String out = dir.resolve("f.safetensors").toString();

        assertThat(run("encode", a.toString(), "--texts", none.toString(), "--out", out)).isEqualTo(new Shell.Result(3, "",
                "modx encode: --texts " + none + " cannot be read: it does not exist. Expected a file with a text a line\n"));
        assertThat(run("encode", a.toString(), "--texts", binary.toString(), "--out", out)).isEqualTo(new Shell.Result(3, "",
                "modx encode: --texts " + binary + " cannot be read: line 1 is not UTF-8 text (iconv -f latin1 -t "
                        + "utf-8 converts from Latin-1). "
                        + "Expected a file with a text a line\n"));
        assertThat(run("zero-shot", a.toString(), "--img_dir", folder(), "--class_names", none.toString())).isEqualTo(new Shell.Result(3, "",
                "modx zero-shot: --class_names " + none + " cannot be read: it does not exist. Expected a line for each class: the folder's name, a tab, "
                        + "and what the class is called\n"));
        assertThat(run("zero-shot", a.toString(), "--img_dir", folder(), "--templates", none.toString())).isEqualTo(new Shell.Result(3, "",
                "modx zero-shot: --templates " + none + " cannot be read: it does not exist. Expected a template a line, such as a photo of a {}.\n"));
    }

    @Test
    void zeroShotClassifiesAFolder() throws IOException {
        Path names = Files.writeString(dir.resolve("names.txt"), classes().stream().map(name -> name + "\ta " + name + ", shape of " + name)
                .reduce("", (all, line) -> all + line + "\n"));
        Path templates = Files.writeString(dir.resolve("templates.txt"), "{} on paper\nthere is {}\n");
        Path json = dir.resolve("z.json");

        Shell.Result result = run("zero-shot", a.toString(), "--img_dir", folder(), "--class_names", names.toString(), "--templates", templates.toString(),
                "--out", json.toString());

        assertThat(result.err()).isEmpty();
        assertThat(result.out()).startsWith("| images | classes | prompts per name | top-1 | top-5 | mean recall |\n");
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertThat(report.get("predictions")).hasSize(report.get("images").intValue());
        assertThat(report.at("/classes/0/names/1").textValue()).isEqualTo("shape of " + classes().get(0));
        assertThat(report.get("top5").doubleValue()).isGreaterThanOrEqualTo(report.get("top1").doubleValue());
    }

    @Test
    void classNamesMustFitTheFolders() throws IOException {
        Path names = Files.writeString(dir.resolve("names.txt"), "one\n");
        assertThat(run("zero-shot", a.toString(), "--img_dir", folder(), "--class_names", names.toString())).isEqualTo(new Shell.Result(3, "",
                "modx zero-shot: --class_names " + names + " has 1 name for " + classes().size()
                        + " class folders. Expected one a line in the order of the folders, or lines of folder, tab and name\n"));
        Files.writeString(names, "elsewhere\tother\n");
        assertThat(run("zero-shot", a.toString(), "--img_dir", folder(), "--class_names", names.toString()).err()).isEqualTo(
                "modx zero-shot: --class_names " + names + " has no line for the folder " + classes().get(0) + "\n");
        Files.writeString(names, "a photo\n");
        assertThat(run("zero-shot", a.toString(), "--img_dir", folder(), "--templates", names.toString()).err()).isEqualTo(
                "modx zero-shot: --templates " + names + ", line 1: 'a photo' has no {} where the class's name goes\n");
    }

    @Test
    void namesThatSeveralClassesHaveAndASingleClassAreTold() throws IOException {
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        List<Logger> loggers = List.of((Logger) LoggerFactory.getLogger(ZeroShotCommand.class),
                (Logger) LoggerFactory.getLogger(ImageFolder.class));
        loggers.forEach(logger -> logger.addAppender(said));
        said.start();
        Path single = Files.createDirectories(dir.resolve("single"));
        Path only = Files.createSymbolicLink(single.resolve("only"), Path.of(folder(), classes().get(0)).toAbsolutePath());
        Path names = Files.writeString(dir.resolve("names.txt"), classes().stream().map(name -> name + "\tcrane\n")
                .reduce("", String::concat));

        run("zero-shot", a.toString(), "--img_dir", folder(), "--class_names", names.toString());
        run("zero-shot", a.toString(), "--img_dir", single.toString());
        loggers.forEach(logger -> logger.detachAppender(said));

        assertThat(said.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly(
                "Several classes have the same name, by which no model can tell them apart: 'crane' (" + String.join(", ", classes()) + ")",
                "--img_dir " + single + " has a single class, " + only.getFileName()
                        + ": whatever the model, 100 % are right, which means nothing");
    }

    @Test
    void driftWritesTablesAndAPicture() throws IOException {
        Path out = dir.resolve("drift");

        Shell.Result result = run("drift", a.toString(), b.toString(), save("c.pt", 3).toString(), "--annotation_file", annotations(), "--img_dir", images(),
                "--split", "train", "--out_dir", out.toString());

        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("0  " + a + "\n1  " + b + "\n", "12 pairs\n", "| 0-1 ", "| 1-2 ", "| 0-2 ", "Ni et al. 2023");
        assertThat(out.resolve("drift.txt")).hasContent(result.out());
        assertThat(new ObjectMapper().readTree(out.resolve("drift.json").toFile()).at("/steps/0/rotation, images/angles").intValue()).isEqualTo(12);
        assertThat(out.resolve("drift.png")).isNotEmptyFile();
        assertThat(run("drift", a.toString(), "--annotation_file", annotations(), "--img_dir", images())).isEqualTo(
                new Shell.Result(2, "", "modx drift: Drift is between checkpoints: give at least two, each once\n"));
        assertThat(run("drift", a.toString(), b.toString())).isEqualTo(
                new Shell.Result(2, "", "modx drift: Give the data set with both --annotation_file and --img_dir\n"));
    }

    @Test
    void modelsAreMixed() {
        Path half = dir.resolve("new/half.pt");
        assertThat(mix("interpolate", a.toString(), b.toString(), "--alpha", "0.25", "--out", half.toString())).isEqualTo(
                new Shell.Result(0, half + ": 0.75 " + a + " + 0.25 " + b + "\n", ""));
        float first = Checkpoint.read(a).model().get("visual.proj").toFloatArray()[0];
        float second = Checkpoint.read(b).model().get("visual.proj").toFloatArray()[0];
        assertThat(Checkpoint.read(half).model().get("visual.proj").toFloatArray()[0]).isCloseTo(0.75f * first + 0.25f * second, within(1e-6f));
        Path mean = dir.resolve("mean.safetensors");
        assertThat(mix("average", a.toString(), b.toString(), half.toString(), "--out", mean.toString()).out()).isEqualTo(mean + ": mean of 3 models\n");
        assertThat(Checkpoint.read(mean).model()).hasSameSizeAs(Checkpoint.read(a).model());
        assertThat(mix("average", a.toString(), "--out", mean.toString()).err()).isEqualTo(
                "modx average: Give at least two checkpoints; one is given: " + a + "\n");
        assertThat(mix("interpolate", a.toString(), b.toString(), "--alpha", "1.5", "--out", half.toString())).isEqualTo(
                new Shell.Result(2, "", "modx interpolate: --alpha 1.5: expected a number from 0 to 1\n"));
    }

    private static Shell.Result mix(String... arguments) {
        return Shell.run(new Modx(), arguments);
    }

    private static Shell.Result run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-q", "--devices", "cpu", "--num_workers", "0", "--model_config", table.toString()));
        return Shell.run(new Modx(), all.toArray(String[]::new));
    }

    private static String annotations() {
        return shared.resolve("data/coco/dataset_coco.json").toString();
    }

    private static String images() {
        return shared.resolve("data/coco").toString();
    }

    private static String folder() {
        return shared.resolve("data/folder/train").toString();
    }

    private static List<String> classes() throws IOException {
        try (var files = Files.list(Path.of(folder()))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Path save(String name, long seed) {
        CheckpointWriter.write(shared.resolve(name), new CheckpointContents(0, 0, ClipParameters.initialState(ModelTable.read(table).get("micro"), seed),
                Optional.empty(), Map.of()));
        return shared.resolve(name);
    }
}
