package ai.modx.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A file in Linux's {@code /proc} with lines such as {@code VmHWM:   123456 kB}.
 *
 * @param path where it is; missing on other systems
 */
public record ProcFile(Path path) {

    /** This process. */
    public static final ProcFile SELF = new ProcFile(Path.of("/proc/self/status"));

    /** The machine's memory. */
    public static final ProcFile MEMORY = new ProcFile(Path.of("/proc/meminfo"));

    /**
     * An amount of memory in bytes.
     *
     * @param key such as {@code VmHWM}, the most that was ever resident
     * @return empty if the system has no such file or line
     */
    public OptionalLong bytes(String key) {
        if (!Files.isReadable(path)) {
            return OptionalLong.empty();
        }
        try (Stream<String> lines = Files.lines(path)) {
            return lines.filter(line -> line.startsWith(key + ":")).mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", ""))).findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
