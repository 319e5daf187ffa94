package ai.modx.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.representer.Representer;

/**
 * Parses YAML into a {@link YamlMapping}. Nothing in the file can create objects, and size, depth and aliases are bounded,
 * so a recipe from elsewhere does no harm.
 */
public final class YamlFile {

    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_ALIASES = 50;
    private static final int MAX_DEPTH = 20;

    private YamlFile() {}

    /** The mapping at the top of a file. */
    public static YamlMapping read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ConfigException(file + ": no such file. Expected a YAML file");
        }
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ConfigException(file + ": has " + Files.size(file)
                        + " bytes. Expected a YAML file of at most " + MAX_BYTES);
            }
            return parse(file.toString(), String.join("\n", TextFile.lines(file)));
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read: " + FileProblem.of(e) + ". Expected a YAML file");
        }
    }

    /**
     * The mapping at the top of a text.
     *
     * @param source what errors call the text, for example a file name
     */
    public static YamlMapping parse(String source, String text) {
        Node root = compose(source, text);
        if (!(root instanceof MappingNode mapping)) {
            throw new ConfigException(source + ": is " + (root == null ? "empty" : "not a YAML mapping")
                    + ". Expected lines of the form 'key: value'");
        }
        return new YamlMapping(source, 1, mapping);
    }

    /** In words that help, where the parser's own do not. */
    private static String plain(String problem) {
        if (problem.contains("another document")) {
            return "a second YAML document begins. Expected one";
        }
        if (problem.startsWith("unexpected character found")) {
            return "malformed YAML: '*' and '&' begin an alias or an anchor. Put such a value into quotes";
        }
        return "malformed YAML: " + problem;
    }

    private static Node compose(String source, String text) {
        LoaderOptions limits = new LoaderOptions();
        limits.setMaxAliasesForCollections(MAX_ALIASES);
        limits.setNestingDepthLimit(MAX_DEPTH);
        DumperOptions unused = new DumperOptions();
        try {
            return new Yaml(new SafeConstructor(limits), new Representer(unused), unused, limits).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            String where = e.getProblemMark() == null ? "" : ", line " + (e.getProblemMark().getLine() + 1)
                    + ", column " + (e.getProblemMark().getColumn() + 1);
            throw new ConfigException(source + where + ": " + plain(e.getProblem()));
        } catch (ReaderException e) {
            long line = 1 + text.codePoints().limit(e.getPosition()).filter(letter -> letter == '\n').count();
            throw new ConfigException(String.format(Locale.ROOT,
                    "%s, line %d: holds the character U+%04X, which YAML does not allow", source, line,
                    e.getCodePoint()));
        } catch (YAMLException e) {
            throw new ConfigException(source + ": cannot be read as YAML: " + e.getMessage());
        }
    }
}
