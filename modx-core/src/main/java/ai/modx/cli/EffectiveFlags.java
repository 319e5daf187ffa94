package ai.modx.cli;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What the flags of a running command came to after defaults, recipe and command line: the record that a run keeps of itself. */
public final class EffectiveFlags {

    private EffectiveFlags() {}

    /**
     * Values by flag, without dashes, in the order of the help, written so that a recipe could hold them: texts, and lists of texts. Flags
     * without a value are left out, and so is {@code --config}: its values are here.
     *
     * @param command injected by picocli into the command, see {@code @Spec}
     */
    public static Map<String, Object> of(CommandSpec command) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (OptionSpec option : command.options()) {
            if (RecipeValues.mayHold(option.longestName())) {
                written(option.getValue()).ifPresent(value -> values.put(option.longestName().substring(2), value));
            }
        }
        return values;
    }

    private static Optional<?> written(Object value) {
        return value instanceof Collection<?> several
                ? Optional.of(several.stream().flatMap(item -> text(item).stream()).toList()).filter(texts -> !texts.isEmpty())
                : text(value);
    }

    private static Optional<String> text(Object value) {
        if (value instanceof Optional<?> given) {
            return given.flatMap(EffectiveFlags::text);
        }
        if (value instanceof Enum<?> constant) {
            return Optional.of(constant.name().toLowerCase(Locale.ROOT));
        }
        return value instanceof DeviceList devices ? Optional.of(devices.text()) : Optional.ofNullable(value).map(Object::toString);
    }
}
