package ai.modx.torch;

import java.util.Map;

/**
 * An instance of a class of a TorchScript archive, such as a module.
 *
 * @param className  qualified name, for example {@code __torch__.Clip}
 * @param attributes values by attribute name, in the order of the class's declaration
 */
public record ScriptObject(String className, Map<String, Object> attributes) {}
