package ai.modx.config;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The values that a recipe gives to the flags of a command: a flat YAML mapping whose keys are flags without their two
 * dashes, in either spelling ({@code num_workers} or {@code num-workers}).
 */
public final class Recipe {

    private final YamlMapping yaml;
    private final Map<String, String> keysByFlag = new LinkedHashMap<>();

    private Recipe(YamlMapping yaml) {
        this.yaml = yaml;
    }

    /**
     * Reads a recipe and checks its keys.
     *
     * @param flags the flags of the command, without dashes, spelled as its help spells them
     */
    public static Recipe read(Path file, Collection<String> flags) {
        Recipe recipe = new Recipe(YamlFile.read(file));
        for (String key : recipe.yaml.keys()) {
            recipe.add(key, flags);
        }
        return recipe;
    }

    private void add(String key, Collection<String> flags) {
        Optional<String> flag = flags.stream().filter(known -> underscored(known).equals(underscored(key))).findFirst();
        if (flag.isEmpty()) {
            throw yaml.unknown(key, flags);
        }
        String earlier = keysByFlag.put(flag.get(), key);
        if (earlier != null) {
            throw yaml.error(key, "'" + key + "' and '" + earlier + "' are the same flag");
        }
        yaml.words(key); // checks the type
    }

    /** The flags that the recipe sets, spelled as the command spells them, with their values; in the order of the file. */
    public Map<String, List<String>> values() {
        Map<String, List<String>> values = new LinkedHashMap<>();
        keysByFlag.forEach((flag, key) -> values.put(flag, yaml.words(key)));
        return values;
    }

    /** An error about the value of a flag that the recipe sets; the message begins with the file and the line. */
    public ConfigException error(String flag, String problem) {
        return yaml.error(keysByFlag.get(flag), problem);
    }

    private static String underscored(String flag) {
        return flag.replace('-', '_');
    }
}
