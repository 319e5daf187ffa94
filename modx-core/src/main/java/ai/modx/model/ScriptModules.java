package ai.modx.model;

import ai.modx.torch.ScriptArchive;
import ai.modx.torch.ScriptObject;
import ai.modx.torch.TensorSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tree of TorchScript modules behind the dotted names of a {@code state_dict}, and the source of their classes. Every
 * class has a method {@code collect} that enters the module's tensors into a dict under their full names.
 */
final class ScriptModules {

    /** Keeps the names of the classes apart from those of functions. */
    private static final String CLASS_PREFIX = "weights_";

    /** A module below the root. */
    private static final class Node {
        private final Map<String, Node> children = new LinkedHashMap<>();
        private final Map<String, TensorSource> tensors = new LinkedHashMap<>();
        private final List<String> parameters = new ArrayList<>();
        private final List<String> buffers = new ArrayList<>();
    }

    private final Node root = new Node();
    private final Map<String, Object> attributes = new LinkedHashMap<>();

    /** Adds a tensor, and the modules that its name leads through. */
    void add(ParameterSpec spec, TensorSource value) {
        String[] path = spec.name().split("\\.");
        Node node = root;
        for (int i = 0; i < path.length - 1; i++) {
            node = node.children.computeIfAbsent(path[i], name -> new Node());
        }
        String name = path[path.length - 1];
        node.tensors.put(name, value);
        (spec.isTrainable() ? node.parameters : node.buffers).add(name);
    }

    /** Sets an attribute of the root that is no weight. */
    void attribute(String name, Object value) {
        attributes.put(name, value);
    }

    /** The modules as the archive's pickle holds them. */
    ScriptObject root(String className) {
        ScriptObject object = object(className, "", root);
        object.attributes().putAll(attributes);
        return object;
    }

    private static ScriptObject object(String className, String path, Node node) {
        Map<String, Object> attributes = new LinkedHashMap<>(node.tensors);
        attributes.put("training", false);
        node.children.forEach((name, child) -> attributes.put(name, object(className(path + name), path + name + ".", child)));
        return new ScriptObject(ScriptArchive.NAMESPACE + className, attributes);
    }

    /** The classes of all modules below the root. */
    String classes() {
        StringBuilder source = new StringBuilder();
        root.children.forEach((name, child) -> writeClass(source, name, child));
        return source.toString();
    }

    private static void writeClass(StringBuilder source, String path, Node node) {
        node.children.forEach((name, child) -> writeClass(source, path + "." + name, child));
        source.append("class ").append(className(path)).append("(nn.Module):\n");
        source.append("  __parameters__ = ").append(list(node.parameters)).append("  __buffers__ = ").append(list(node.buffers));
        node.tensors.keySet().forEach(name -> source.append("  ").append(name).append(" : Tensor\n"));
        source.append("  __annotations__ = []\n"); // names that are numbers are declared by subscript
        node.children.keySet().forEach(name -> source.append("  __annotations__[\"").append(name).append("\"] = ")
                .append(className(path + "." + name)).append('\n'));
        source.append("  def collect(self, p: Dict[str, Tensor]) -> None:\n");
        node.tensors.keySet().forEach(name -> source.append("    p[\"").append(path).append('.').append(name).append("\"] = self.").append(name).append('\n'));
        node.children.keySet().forEach(name -> source.append("    getattr(self, \"").append(name).append("\").collect(p)\n"));
        source.append('\n');
    }

    private static String className(String path) {
        return CLASS_PREFIX + path.replace('.', '_');
    }

    private static String list(List<String> names) {
        StringBuilder list = new StringBuilder("[");
        names.forEach(name -> list.append('"').append(name).append("\", "));
        return list.append("]\n").toString();
    }
}
