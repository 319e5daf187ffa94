package ai.modx.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The machine's processor, as Linux tells it; of others nothing is known but the architecture.
 *
 * @param vendor {@code AuthenticAMD}, {@code GenuineIntel}, or empty
 * @param name   as its maker calls it, with family, model and stepping: virtual machines give different ones the same name
 * @param flags  names of its instruction sets, such as {@code avx512f}
 */
public record Processor(String vendor, String name, Set<String> flags) {

    private static final Path FILE = Path.of("/proc/cpuinfo");
    private static final String AMD = "AuthenticAMD";

    /** Those that libtorch, oneDNN and MKL choose their kernels by, from the oldest. */
    private static final List<String> VECTOR_SETS = List.of("avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_bf16", "asimd", "sve", "bf16");

    public Processor {
        flags = Set.copyOf(flags);
    }

    /** This machine's. */
    public static Processor current() {
        try {
            return parse(Files.readString(FILE));
        } catch (IOException e) { // as on other systems
            return parse("");
        }
    }

    /** Of the text of {@code /proc/cpuinfo}; the first of several processors counts. */
    static Processor parse(String text) {
        Map<String, String> values = new HashMap<>();
        for (String line : text.split("\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                values.putIfAbsent(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
            }
        }
        String model = values.get("model name");
        String name = model == null ? System.getProperty("os.arch")
                : model + " (family " + values.get("cpu family") + ", model " + values.get("model") + ", stepping " + values.get("stepping") + ")";
        String flags = values.getOrDefault("flags", values.getOrDefault("Features", "")); // the second on ARM
        return new Processor(values.getOrDefault("vendor_id", ""), name, flags.isEmpty() ? Set.of() : new HashSet<>(List.of(flags.split(" "))));
    }

    public boolean has(String flag) {
        return flags.contains(flag);
    }

    /** Of its instruction sets, those that decide how numbers are computed. */
    List<String> vectorSets() {
        return VECTOR_SETS.stream().filter(this::has).toList();
    }

    /** Whether it multiplies bfloat16 numbers by itself; without, libtorch takes tens of times as long as in float32. */
    public boolean multipliesBfloat16() {
        return has("amx_bf16") || has("avx512_bf16") || has("bf16");
    }

    /** Whether it may lack the CPUID leaf by which AMD processors describe their caches: some virtual machines only hide the flag. */
    boolean hidesCaches() {
        return vendor.equals(AMD) && !has("topoext");
    }

    /** Whether linear layers are computed much faster by oneDNN than by libtorch's library for matrix products, MKL. */
    public boolean prefersOneDnn() {
        return vendor.equals(AMD) && has("avx512f"); // tried on Zen 5, where MKL reaches 0.4 of oneDNN's rate
    }

    @Override
    public String toString() {
        return name;
    }
}
