package ai.modx.eval;

import ai.djl.ndarray.NDArray;
import ai.modx.checkpoint.MatrixFile;
import ai.modx.config.ConfigException;
import ai.modx.config.Count;
import ai.modx.loss.CosineSimilarity;
import ai.modx.torch.TensorCopy;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Features of images and texts in a safetensors file: {@code image_features} (N, E) and {@code text_features} (M, E), and what
 * row belongs to what in the metadata: {@code images} and {@code texts}, JSON lists in the order of the rows, and {@code owners},
 * for every text the row of its image.
 */
public final class FeatureFile {

    private static final String IMAGES = "image_features";
    private static final String TEXTS = "text_features";
    private static final int MAX_HEADER = 99_000_000; // what readers of the format accept, less what tells the shapes

    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<Path> images;
    private final List<String> texts;
    private final boolean normalized;

    /**
     * @param images     files
     * @param names      what to call them in the file
     * @param texts      captions
     * @param owners     for every text the number of its image; empty if they do not belong together
     * @param normalized whether features are scaled to length 1
     * @throws ConfigException if the names and texts are too long for a file
     */
    public FeatureFile(List<Path> images, List<String> names, List<String> texts, int[] owners, boolean normalized) {
        this.images = List.copyOf(images);
        this.texts = List.copyOf(texts);
        this.normalized = normalized;
        metadata.put("format", "pt"); // readers of other libraries expect it
        metadata.put("normalized", Boolean.toString(normalized));
        if (!images.isEmpty()) {
            metadata.put("images", json(names));
        }
        if (!texts.isEmpty()) {
            metadata.put("texts", json(texts));
        }
        if (owners.length > 0) {
            metadata.put("owners", json(Arrays.stream(owners).boxed().toList()));
        }
        long bytes = metadata.values().stream().mapToLong(text -> json(text).getBytes(StandardCharsets.UTF_8).length).sum();
        if (bytes > MAX_HEADER) {
            throw new ConfigException("The names and texts of " + images.size() + " images and " + texts.size()
                    + " texts take " + bytes + " bytes; safetensors has room for " + MAX_HEADER + ". Encode them in parts");
        }
    }

    /**
     * Computes all features and writes them batch by batch.
     *
     * @param embedDim E, of the encoder's model
     * @throws ai.modx.data.DataException if an image cannot be loaded; no file is left then
     */
    public void write(Path file, FeatureEncoder encoder, int embedDim) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        if (!images.isEmpty()) {
            shapes.put(IMAGES, new long[] {images.size(), embedDim});
        }
        if (!texts.isEmpty()) {
            shapes.put(TEXTS, new long[] {texts.size(), embedDim});
        }
        MatrixFile.write(file, shapes, metadata, matrices -> {
            encoder.images(images, sink(matrices, IMAGES));
            encoder.captions(texts, sink(matrices, TEXTS));
        });
    }

    private FeatureSink sink(MatrixFile matrices, String name) {
        return (features, indices) -> {
            NDArray rows = normalized ? CosineSimilarity.normalize(features) : features;
            ByteBuffer values = TensorCopy.toHost(rows).data();
            int rowBytes = values.remaining() / indices.length;
            for (int i = 0; i < indices.length; i++) {
                matrices.put(name, indices[i], values.slice(i * rowBytes, rowBytes));
            }
        };
    }

    /** For example {@code 5 images and 25 texts}. */
    @Override
    public String toString() {
        return Count.of(images.size(), "image") + " and " + Count.of(texts.size(), "text");
    }

    private static String json(Object list) {
        try {
            return ResultFile.JSON.writeValueAsString(list);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
