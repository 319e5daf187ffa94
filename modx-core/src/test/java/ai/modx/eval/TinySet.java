package ai.modx.eval;

import ai.modx.model.ClipParameters;
import ai.modx.model.ModelConfig;
import ai.modx.text.ClipTokenizer;
import ai.modx.torch.HostTensor;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** Seven small pictures with one to three captions each in Karpathy's format, and a model to match. */
final class TinySet {

    static final ModelConfig CONFIG = new ModelConfig(16, 32, List.of(1), 64, 16, 77, ClipTokenizer.VOCABULARY_SIZE, 64, 1, 1);
    static final int IMAGES = 7;

    private TinySet() {}

    static Map<String, HostTensor> weights(long seed) {
        return ClipParameters.initialState(CONFIG, seed);
    }

    /** Writes pictures and annotations; image 6 is in split val, the others in test. */
    static EvaluationSource write(Path dir) throws IOException {
        StringBuilder images = new StringBuilder();
        for (int i = 0; i < IMAGES; i++) {
            BufferedImage image = new BufferedImage(40 + i, 36, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = image.createGraphics();
            graphics.setColor(Color.getHSBColor(i / 7f, 1, 1));
            graphics.fillRect(i, 5, 20, 20);
            graphics.dispose();
            ImageIO.write(image, "png", dir.resolve(i + ".png").toFile());
            StringBuilder sentences = new StringBuilder();
            for (int c = 0; c <= i % 3; c++) {
                sentences.append(c == 0 ? "" : ", ").append("{\"raw\": \"square number ").append(i).append(" again".repeat(c * 40)).append("\"}");
            }
            images.append(i == 0 ? "" : ",\n").append("{\"filename\": \"").append(i).append(".png\", \"split\": \"")
                    .append(i == 6 ? "val" : "test").append("\", \"sentences\": [").append(sentences).append("]}");
        }
        Path file = Files.writeString(dir.resolve("tiny.json"), "{\"images\": [" + images + "]}");
        return new EvaluationSource("tiny", file, dir, EvaluationSource.DEFAULT_SPLIT);
    }
}
