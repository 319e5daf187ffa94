package ai.modx.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What the flags of a running command came to after defaults, recipe and command line: the record that a run keeps of itself. */
public final class EffectiveFlags {

    private EffectiveFlags() {}

    /**
     * Values by flag, without dashes, in the order of the help, written so that a recipe could hold them. Flags without a value
     * are left out, and so is {@code --config}: its values are here.
     *
     * @param command injected by picocli into the command, see {@code @Spec}
     */
    public static Map<String, String> of(CommandSpec command) {
        Map<String, String> values = new LinkedHashMap<>();
        for (OptionSpec option : command.options()) {
            if (RecipeValues.mayHold(option.longestName()) && option.getValue() != null) {
                values.put(option.longestName().substring(2), text(option.getValue()));
            }
        }
        return values;
    }

    private static String text(Object value) {
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
        return value instanceof DeviceList devices ? devices.text() : value.toString();
    }
}
