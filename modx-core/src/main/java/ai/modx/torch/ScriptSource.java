package ai.modx.torch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A program in PyTorch as people write it, and as libtorch reads it from an archive. It is Python as far as
 * {@code torch.jit.script} goes, with the types that it asks for: without imports, f-strings, {@code with torch.no_grad()}, and
 * comprehensions over several lists. Functions of {@code torch.nn.functional} are called in {@code torch}, by libtorch's names and
 * orders of arguments.
 *
 * <p>What Python's compiler would add for libtorch is added here and nowhere else:
 * <ul>
 *   <li>Functions and classes of the program are in the namespace {@code __torch__}.
 *   <li>Element types, such as {@code torch.float32}, are numbers, and {@code torch.dtype} is {@code int}.
 *   <li>A module declares {@code training}.
 * </ul>
 *
 * @param python one or more files, one behind the other; names mean the same in all of them
 */
public record ScriptSource(String python) {

    private static final String NAME = "[A-Za-z_]\\w*";
    private static final Pattern TOKEN = Pattern.compile(String.join("|",
            "#[^\n]*",
            "\"\"\"(?s:.*?)\"\"\"|'''(?s:.*?)'''",
            "\"(?:\\\\.|[^\"\\\\\n])*+\"|'(?:\\\\.|[^'\\\\\n])*+'",
            "\\d[\\w.]*", // of 1e-5 the e is no name
            "\\.\\s*" + NAME, // an attribute of what an expression gives
            "(?<module>class\\s+" + NAME + ")\\s*\\(\\s*nn\\.Module\\s*\\)\\s*:"
                    + "(?<rest>[^\n]*\n(?:[ \t]*(?:#[^\n]*)?\n)*)(?<indent>[ \t]+)", // up to the first line of its body
            "(?:def|class)\\s+" + NAME,
            "(?<name>" + NAME + ")(?:\\s*\\.\\s*(?<member>" + NAME + "))?(?<called>[ \t]*\\()?"));
    private static final Pattern DEFINITION = Pattern.compile("^(def|class)\\s+(" + NAME + ")");
    /** What TorchScript has for members of torch: numbers for element types, and their type. */
    private static final Map<String, String> ELEMENT_TYPES = elementTypes();

    private static Map<String, String> elementTypes() {
        Map<String, String> types = new HashMap<>(Map.of("dtype", "int"));
        for (ElementType type : ElementType.values()) {
            types.put(type.name().toLowerCase(Locale.ROOT), Integer.toString(type.torchNumber()));
        }
        return types;
    }

    /**
     * The program of some resource files, and of what all programs share.
     *
     * @param owner the class beside which they lie
     * @param files their names, in any order
     */
    public static ScriptSource of(Class<?> owner, String... files) {
        return new ScriptSource("").and(ScriptSource.class, "products.py").and(owner, files);
    }

    /** This program and other files. */
    public ScriptSource and(Class<?> owner, String... files) {
        return and(Arrays.stream(files).map(file -> text(owner, file)).collect(Collectors.joining("\n")));
    }

    /** This program and more of it. */
    public ScriptSource and(String more) {
        return new ScriptSource(python + "\n" + more);
    }

    private static String text(Class<?> owner, String file) {
        try (InputStream in = owner.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("No resource " + file + " beside " + owner.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The program as libtorch reads it.
     *
     * @throws IllegalStateException if a name is defined twice, of which libtorch would take one
     */
    public String torchScript() {
        Set<String> functions = definitions("def");
        Set<String> classes = definitions("class");
        Matcher token = TOKEN.matcher(python);
        StringBuilder script = new StringBuilder();
        while (token.find()) {
            token.appendReplacement(script, Matcher.quoteReplacement(translation(token, functions, classes)));
        }
        return token.appendTail(script).toString();
    }

    /** Names that are defined at the beginning of a line. */
    private Set<String> definitions(String keyword) {
        Set<String> names = new HashSet<>();
        Matcher token = TOKEN.matcher(python);
        while (token.find()) {
            Matcher definition = DEFINITION.matcher(token.group());
            boolean beginsLine = token.start() == 0 || python.charAt(token.start() - 1) == '\n';
            if (beginsLine && definition.find() && definition.group(1).equals(keyword) && !names.add(definition.group(2))) {
                throw new IllegalStateException("The program defines " + definition.group(2) + " twice");
            }
        }
        return names;
    }

    private static String translation(Matcher token, Set<String> functions, Set<String> classes) {
        String text = token.group();
        if (token.group("module") != null) {
            String indent = token.group("indent");
            return token.group("module") + "(Module):" + token.group("rest") + indent + "training: bool\n" + indent;
        }
        String name = token.group("name");
        String member = token.group("member");
        boolean called = token.group("called") != null;
        if (name == null) {
            return text;
        }
        if (classes.contains(name) || functions.contains(name) && member == null && called) {
            return ScriptArchive.NAMESPACE + text;
        }
        if (name.equals("torch") && member != null && !called) {
            return ELEMENT_TYPES.getOrDefault(member, text);
        }
        return text;
    }
}
