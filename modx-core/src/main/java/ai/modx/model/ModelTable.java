package ai.modx.model;

import ai.modx.config.ConfigException;
import ai.modx.config.NearestName;
import ai.modx.config.YamlFile;
import ai.modx.config.YamlMapping;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The architectures that {@code --model_name} can choose from: a YAML file with one entry for each. */
public final class ModelTable {

    private static final String BUNDLED = "/ai/modx/configs/model_config.yaml";
    /** The release's names; it took every other name for ViT-B/32. */
    private static final Map<String, String> SHORT_NAMES = Map.of("RN", "RN50", "ViT", "ViTB32");

    private final String source;
    private final Map<String, ModelConfig> models;

    private ModelTable(String source, Map<String, ModelConfig> models) {
        this.source = source;
        this.models = models;
    }

    /** Reads a table and checks all its entries. */
    public static ModelTable read(Path file) {
        return of(file.toString(), YamlFile.read(file));
    }

    /** The table that comes with the toolkit. */
    public static ModelTable bundled() {
        try (InputStream table = ModelTable.class.getResourceAsStream(BUNDLED)) {
            if (table == null) {
                throw new IllegalStateException("The resource " + BUNDLED + " is missing: modx-core was built incompletely");
            }
            String source = "model_config.yaml (bundled)";
            return of(source, YamlFile.parse(source, new String(table.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ModelTable of(String source, YamlMapping yaml) {
        Map<String, ModelConfig> models = new LinkedHashMap<>();
        for (String name : yaml.keys()) {
            YamlMapping entry = yaml.mapping(name);
            try {
                models.put(name, model(entry));
            } catch (IllegalArgumentException e) {
                throw yaml.error(name, "model '" + name + "': " + e.getMessage());
            }
        }
        if (models.isEmpty()) {
            throw new ConfigException(source + ": holds no model");
        }
        return new ModelTable(source, models);
    }

    /**
     * One architecture alone, in the text that {@link ModelConfig#toMap} makes in JSON.
     *
     * @param source what errors call the text
     * @throws ConfigException          if it has other keys or values than it must
     * @throws IllegalArgumentException if there is no such model
     */
    public static ModelConfig model(String source, String text) {
        return model(YamlFile.parse(source, text));
    }

    private static ModelConfig model(YamlMapping yaml) {
        yaml.requireKnown(ModelConfig.KEYS);
        return new ModelConfig(
                yaml.integer("embed_dim"),
                yaml.integer("image_resolution"),
                yaml.integers("vision_layers"),
                yaml.integer("vision_width"),
                yaml.integer("vision_patch_size"),
                yaml.integer("context_length"),
                yaml.integer("vocab_size"),
                yaml.integer("transformer_width"),
                yaml.integer("transformer_heads"),
                yaml.integer("transformer_layers"));
    }

    /**
     * The models that have exactly these tensors.
     *
     * @param shapes shape of every weight and buffer by name
     */
    public Map<String, ModelConfig> fitting(Map<String, long[]> shapes) {
        Map<String, ModelConfig> fitting = new LinkedHashMap<>(models);
        fitting.values().removeIf(model -> !fits(ClipParameters.of(model), shapes));
        return fitting;
    }

    private static boolean fits(List<ParameterSpec> specs, Map<String, long[]> shapes) {
        return specs.size() == shapes.size() && specs.stream().allMatch(spec -> Arrays.equals(spec.shape(), shapes.get(spec.name())));
    }

    /** The first name of an architecture, if it is in the table. */
    public Optional<String> nameOf(ModelConfig model) {
        return models.entrySet().stream().filter(entry -> entry.getValue().equals(model)).map(Map.Entry::getKey).findFirst();
    }

    /** Where the table was read from. */
    public String source() {
        return source;
    }

    /** The names in the order of the file. */
    public Set<String> names() {
        return models.keySet();
    }

    /**
     * The architecture of a name: an entry of the table, one of the release's short names RN and ViT, or a name with
     * OpenAI's punctuation (ViT-B/32, ViT-B-32).
     */
    public ModelConfig get(String name) {
        for (String candidate : List.of(name, SHORT_NAMES.getOrDefault(name, name), name.replaceAll("[-/]", ""))) {
            if (models.containsKey(candidate)) {
                return models.get(candidate);
            }
        }
        throw new ConfigException("Unknown model '" + name + "'." + NearestName.didYouMean(name, models.keySet(), "'%s'")
                + " Models of " + source + ": " + String.join(", ", models.keySet()));
    }
}
