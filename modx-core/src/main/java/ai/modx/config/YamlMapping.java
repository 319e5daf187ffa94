package ai.modx.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Keys and values of a YAML mapping, in the order of the file, which know their lines so that errors can name them. */
public final class YamlMapping {

    /** Not 0512, which is 330 to some readers of YAML and 512 to others. */
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(0|[1-9]\\d*)");

    private final String source;
    private final int line;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** One key of the mapping: the line of the key, and its value. */
    private record Entry(int line, Node value) {}

    /**
     * @param source what errors call the file
     * @param line   where the mapping begins, or the line of the key that it is the value of
     */
    YamlMapping(String source, int line, MappingNode node) {
        this.source = source;
        this.line = line;
        for (NodeTuple entry : node.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw new ConfigException(source + ", line " + line(entry.getKeyNode()) + ": a key is not a plain word");
            }
            Entry earlier = entries.put(key.getValue(), new Entry(line(key), entry.getValueNode()));
            if (earlier != null) {
                throw error(key.getValue(), "key '" + key.getValue() + "' is given twice, first in line " + earlier.line);
            }
        }
    }

    public Set<String> keys() {
        return entries.keySet();
    }

    /** Refuses the first key that is not known. */
    public void requireKnown(Collection<String> known) {
        for (String key : entries.keySet()) {
            if (!known.contains(key)) {
                throw unknown(key, known);
            }
        }
    }

    /** The error for a key that is not known; names the known one that is nearest, or all if none is near. */
    ConfigException unknown(String key, Collection<String> known) {
        String meant = NearestName.didYouMean(key, known, "'%s'");
        return error(key, "unknown key '" + key + "'."
                + (meant.isEmpty() ? " Known keys: " + String.join(", ", known.stream().sorted().toList()) : meant));
    }

    /** An error at a key of this mapping; the message begins with the file and the line. */
    public ConfigException error(String key, String problem) {
        return new ConfigException(source + ", line " + (entries.containsKey(key) ? entries.get(key).line : line) + ": " + problem);
    }

    /** The mapping under a key. */
    public YamlMapping mapping(String key) {
        if (require(key) instanceof MappingNode mapping) {
            return new YamlMapping(source, entries.get(key).line, mapping);
        }
        throw error(key, "'" + key + "' is " + describe(require(key)) + ". Expected a mapping, that is indented lines 'key: value'");
    }

    /** The whole number under a key. */
    public int integer(String key) {
        return integer(key, require(key), "a whole number");
    }

    /** The whole numbers under a key: one alone, or a list. */
    public List<Integer> integers(String key) {
        String expected = "a whole number or a list of them";
        return nodes(key).stream().map(node -> integer(key, node, expected)).toList();
    }

    /** The words under a key, one alone or a list, as they are written. */
    public List<String> words(String key) {
        List<String> words = nodes(key).stream().map(node -> word(key, node)).toList();
        if (words.isEmpty()) {
            throw error(key, "'" + key + "' is an empty list. Leave the key out for its default");
        }
        return words;
    }

    private String word(String key, Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            throw error(key, "'" + key + "' holds " + describe(node) + ". Expected a value or a list of values");
        }
        if (scalar.getTag().equals(Tag.NULL)) {
            throw error(key, "'" + key + "' has no value. Leave the key out for its default");
        }
        return scalar.getValue();
    }

    private int integer(String key, Node node, String expected) {
        if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.INT) && DECIMAL.matcher(scalar.getValue()).matches()) {
            try {
                return Integer.parseInt(scalar.getValue());
            } catch (NumberFormatException e) {
                // falls through: too large
            }
        }
        throw error(key, "'" + key + "' is " + describe(node) + ". Expected " + expected);
    }

    private List<Node> nodes(String key) {
        Node node = require(key);
        return node instanceof SequenceNode list ? list.getValue() : List.of(node);
    }

    private Node require(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            throw error(key, "key '" + key + "' is missing");
        }
        return entry.value;
    }

    private static String describe(Node node) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getTag().equals(Tag.NULL) ? "without value" : "'" + scalar.getValue() + "'";
        }
        return node instanceof SequenceNode ? "a list" : "a mapping";
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }
}
