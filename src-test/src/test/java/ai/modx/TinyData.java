package ai.modx;

import ai.modx.cli.Modx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A few small generated pictures in every format, and a model table with the smallest models that can learn from them.
 *
 * @param folder of the data
 */
record TinyData(Path folder) {

    /** Training pictures of each part. */
    static final int IMAGES = 12;

    private static final String MODELS = """
            vit:
              {embed_dim: 16, image_resolution: 32, vision_layers: 1, vision_width: 64, vision_patch_size: 8,
               context_length: 16, vocab_size: 49408, transformer_width: 16, transformer_heads: 1, transformer_layers: 1}
            rn:
              {embed_dim: 16, image_resolution: 32, vision_layers: [1, 1, 1, 1], vision_width: 8, vision_patch_size: 0,
               context_length: 16, vocab_size: 49408, transformer_width: 16, transformer_heads: 1, transformer_layers: 1}
            """;

    /** Draws the data with the toolkit's own command. */
    static TinyData draw(Path folder) throws IOException {
        Outcome drawn = Outcome.of(new Modx(), List.of("sample-data", "-q", "--out", folder.resolve("data").toString(),
                "--images", Integer.toString(IMAGES), "--image_size", "48"));
        if (drawn.exitCode() != 0) {
            throw new IllegalStateException(drawn.toString());
        }
        Files.writeString(folder.resolve("models.yaml"), MODELS);
        return new TinyData(folder);
    }

    Path models() {
        return folder.resolve("models.yaml");
    }

    Path cocoJson() {
        return folder.resolve("data/coco/annotations/captions_train2014.json");
    }

    Path cocoImages() {
        return folder.resolve("data/coco/train2014");
    }

    Path flickrJson() {
        return folder.resolve("data/flickr/dataset_flickr30k.json");
    }

    Path flickrImages() {
        return folder.resolve("data/flickr/flickr30k-images");
    }

    /** Flags of a run of joint-train on the COCO part: 3 steps an epoch. */
    List<String> training(Path run, String model, int epochs) {
        return new ArrayList<>(List.of("-q", "--model_config", models().toString(), "--model_name", model,
                "--coco_train_annotation_file", cocoJson().toString(), "--coco_train_img_dir", cocoImages().toString(),
                "--num_train_epochs", Integer.toString(epochs), "--per_gpu_train_batch_size", "4", "--num_workers", "1", "--devices", "cpu",
                "--train_dir", run.toString()));
    }
}
