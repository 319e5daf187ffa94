package ai.modx.lineareval;

import ai.modx.checkpoint.TorchFile;
import ai.modx.cli.CommandRunner;
import ai.modx.model.ClipParameters;
import ai.modx.model.ModelConfig;
import ai.modx.torch.OrderedDict;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;

/** A few coloured pictures in folders, checkpoints with random weights, and the command that evaluates one on the other. */
record TinyFolder(Path root) {

    static final int TRAIN = 8;
    static final int VALIDATION = 3;

    private static final Map<String, Color> CLASSES = Map.of("blue", Color.BLUE, "green", Color.GREEN, "red", Color.RED);

    /** What a run of the command left. */
    record Outcome(int exitCode, String err) {}

    static TinyFolder draw(Path root) throws IOException {
        for (String name : CLASSES.keySet()) {
            draw(root.resolve("train"), name, TRAIN);
            draw(root.resolve("val"), name, VALIDATION);
        }
        Files.writeString(root.resolve("models.yaml"), TinyModels.TABLE);
        save(root.resolve("vit.pt"), TinyModels.VIT, 1);
        save(root.resolve("other.pt"), TinyModels.VIT, 2);
        save(root.resolve("rn.pt"), TinyModels.RESNET, 1);
        return new TinyFolder(root);
    }

    private static void save(Path file, ModelConfig model, long seed) {
        TorchFile.write(file, Map.of("state_dict", new OrderedDict(ClipParameters.initialState(model, seed))));
    }

    private static void draw(Path folder, String name, int count) throws IOException {
        Random random = new Random(name.hashCode() + count);
        Files.createDirectories(folder.resolve(name));
        for (int i = 0; i < count; i++) {
            BufferedImage image = new BufferedImage(30 + i, 40, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = image.createGraphics();
            graphics.setColor(CLASSES.get(name));
            graphics.fillRect(random.nextInt(6), random.nextInt(6), 20 + random.nextInt(20), 25 + random.nextInt(20));
            graphics.dispose();
            ImageIO.write(image, "png", folder.resolve(name).resolve(name + "_" + i + ".png").toFile());
        }
    }

    Path train() {
        return root.resolve("train");
    }

    Path val() {
        return root.resolve("val");
    }

    /** Flags of a run: 3 steps an epoch. */
    List<String> flags(Path run, String model, String... more) {
        List<String> flags = new ArrayList<>(List.of("-q", "--train_dir", train().toString(), "--val_dir", val().toString(), "--cnn",
                root.resolve(model + ".pt").toString(), "--model_config", root.resolve("models.yaml").toString(), "--batch-size", "8",
                "--workers", "1", "--checkpoint-dir", run.toString()));
        flags.addAll(List.of(more));
        if (!flags.contains("--devices")) {
            flags.addAll(List.of("--devices", "cpu"));
        }
        return flags;
    }

    static Outcome run(List<String> flags) {
        StringWriter err = new StringWriter();
        int exitCode = CommandRunner.run(new PrintWriter(new StringWriter()), new PrintWriter(err), new LinearEval(), flags.toArray(String[]::new));
        return new Outcome(exitCode, err.toString());
    }
}
