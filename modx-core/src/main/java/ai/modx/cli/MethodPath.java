package ai.modx.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A value such as {@code modx=out/modx}: what a method made, with the name for the results.
 *
 * @param text   as given
 * @param method the name; by default that of the file or folder
 */
record MethodPath(String text, String method, Path path) {

    /** Reads {@code [METHOD=]PATH}; a path that has an equals sign needs the method's name in front. */
    static MethodPath parse(String text) {
        int equals = text.indexOf('=');
        Path path = Path.of(text.substring(equals + 1));
        String folder = Optional.ofNullable(path.toAbsolutePath().normalize().getFileName()).map(Path::toString).orElse("run");
        return new MethodPath(text, equals > 0 ? text.substring(0, equals) : folder, path);
    }

    @Override
    public String toString() {
        return text;
    }
}
