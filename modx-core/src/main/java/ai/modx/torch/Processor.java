package ai.modx.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The machine's processor, as Linux tells it; of others nothing is known.
 *
 * @param vendor {@code AuthenticAMD}, {@code GenuineIntel}, or empty
 * @param flags  names of its instruction sets, such as {@code avx512f}
 */
public record Processor(String vendor, Set<String> flags) {

    private static final Path FILE = Path.of("/proc/cpuinfo");

    public Processor {
        flags = Set.copyOf(flags);
    }

    /** This machine's. */
    public static Processor current() {
        try {
            return parse(Files.readString(FILE));
        } catch (IOException e) {
            return parse("");
        }
    }

    /** Of the text of {@code /proc/cpuinfo}; the first of several processors counts. */
    static Processor parse(String text) {
        return new Processor(value(text, "vendor_id"), Arrays.stream(value(text, "flags").split(" ")).filter(flag -> !flag.isEmpty()).collect(Collectors.toSet()));
    }

    private static String value(String text, String key) {
        return text.lines().filter(line -> line.startsWith(key)).findFirst().map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse("");
    }

    public boolean has(String flag) {
        return flags.contains(flag);
    }

    /** Whether linear layers are computed much faster by oneDNN than by libtorch's library for matrix products, MKL. */
    public boolean prefersOneDnn() {
        return vendor.equals("AuthenticAMD") && has("avx512f"); // tried on Zen 5, where MKL reaches 0.4 of oneDNN's rate
    }
}
