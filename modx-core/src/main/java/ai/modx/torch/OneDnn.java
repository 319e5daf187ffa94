package ai.modx.torch;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * oneDNN inside libtorch, which computes convolutions on the CPU and, in bfloat16, matrix products: its version,
 * whether libtorch uses it,
 * and what it takes the processor's caches to be, which is put right where that is impossible (see {@link
 * OneDnnCaches}).
 */
public final class OneDnn {

    /** What a user is told where it cannot be trusted. */
    public static final String SUSPICION =
            "This processor hides its caches, and oneDNN in this libtorch may compute wrong numbers for that, so it is switched off: "
                    + "convolutions take 1.3 to 1.5 times as long, and bf16 far longer. The libtorch that the build brings can be mended (unset PYTORCH_LIBRARY_PATH)";

    private static final String GLOBAL_CONTEXT = "_ZN2at13globalContextEv";
    private static final String SET_ENABLED = "_ZN2at7Context20setUserEnabledMkldnnEb";
    private static final String IS_ENABLED = "_ZNK2at7Context17userEnabledMkldnnEv";
    private static final String VERSION = "_ZN2at18get_mkldnn_versionB5cxx11Ev";

    private static final Pattern NUMBER = Pattern.compile("v(\\d+)\\.(\\d+)(\\.\\d+)*");
    private static final int SIZE_OF_STRING = 32;
    private static final int LEVELS = 3;

    /** What the toolkit knows of the caches. */
    enum Caches {
        /** Real ones, or oneDNN's own guess. */
        POSSIBLE,
        /** Impossible ones, which were replaced with oneDNN's own guess. */
        MENDED,
        /** Impossible ones, or such as may well be, which could not be replaced. */
        SUSPECT,
        /** Nothing, and nothing speaks against them. */
        UNKNOWN
    }

    private final Caches caches;
    private final String description;
    private volatile boolean usedForLinear = true;

    private OneDnn(Caches caches, String description) {
        this.caches = caches;
        this.description = description;
    }

    /** Looks at a libtorch that was just loaded, and mends what can be mended. */
    static OneDnn examined(Processor processor) {
        return OneDnnCaches.loaded()
                .map(OneDnn::of)
                .orElseGet(() -> processor.hidesCaches() && hasFault(version())
                        ? new OneDnn(Caches.SUSPECT, "caches that the processor hides")
                        : new OneDnn(Caches.UNKNOWN, "caches not known in this build of libtorch"));
    }

    /** Switches it off where it cannot be trusted. */
    void requireTrusted() {
        if (caches == Caches.SUSPECT && isUsed()) {
            use(false);
        }
    }

    private static OneDnn of(OneDnnCaches caches) {
        if (!caches.areImpossible()) {
            return new OneDnn(Caches.POSSIBLE, "caches of " + sizes(caches) + " a core");
        }
        return caches.forget()
                ? new OneDnn(
                        Caches.MENDED,
                        "caches that the processor hides, taken to be " + sizes(caches) + " instead of 1 byte")
                : new OneDnn(Caches.SUSPECT, "caches of " + caches.perCore(1) + " byte that cannot be corrected");
    }

    private static String sizes(OneDnnCaches caches) {
        StringBuilder sizes = new StringBuilder();
        for (int level = 1; level <= LEVELS; level++) {
            sizes.append(level == 1 ? "" : ", ")
                    .append(caches.perCore(level) >> 10)
                    .append(" KB");
        }
        return sizes.toString();
    }

    /** Whether a version reads cache sizes of processors that have none to tell; an unknown one may. */
    static boolean hasFault(Optional<String> version) {
        Matcher number = NUMBER.matcher(version.orElse(""));
        return !number.find()
                || Integer.parseInt(number.group(1)) < 3
                || number.group(1).equals("3") && Integer.parseInt(number.group(2)) < 8;
    }

    /** Such as {@code v3.7.1}; nothing if this libtorch does not tell. */
    public static Optional<String> version() {
        if (!Platform
                .isIntel()) { // elsewhere a result of this kind is handed over in a register that JNA does not know of
            return Optional.empty();
        }
        try {
            Function version = LibtorchFunction.named(VERSION);
            try (Memory result = new Memory(
                    SIZE_OF_STRING)) { // a std::string, whose first field points at its characters; few enough to be
                // left behind
                Matcher number = NUMBER.matcher(version.invokePointer(new Object[] {result})
                        .getPointer(0)
                        .getString(0));
                return number.find() ? Optional.of(number.group()) : Optional.empty();
            }
        } catch (UnsatisfiedLinkError e) {
            return Optional.empty();
        }
    }

    Caches caches() {
        return caches;
    }

    /** Whether caches were hidden and nothing else could be done but to do without oneDNN. */
    public boolean isSuspect() {
        return caches == Caches.SUSPECT;
    }

    /** Whether libtorch computes with it. */
    public boolean isUsed() {
        try {
            return (LibtorchFunction.named(IS_ENABLED).invokeInt(new Object[] {context()}) & 0xff) != 0;
        } catch (UnsatisfiedLinkError e) {
            return true; // as it is unless told otherwise
        }
    }

    /**
     * Lets libtorch compute with it or without, in the whole process from now on. Without, convolutions take 1.3 to 1.5
     * times as long, and
     * bfloat16 far longer.
     *
     * @throws IllegalStateException if this libtorch has no such switch
     */
    public void use(boolean used) {
        try {
            LibtorchFunction.named(SET_ENABLED).invokeVoid(new Object[] {context(), (byte) (used ? 1 : 0)});
        } catch (UnsatisfiedLinkError e) {
            throw new IllegalStateException(
                    "oneDNN inside this libtorch, " + LibtorchFunction.file()
                            + ", cannot be trusted on this processor, and cannot be "
                            + "switched off: " + e.getMessage()
                            + ". Use the libtorch that the build brings (unset PYTORCH_LIBRARY_PATH), with room in "
                            + System.getProperty("java.io.tmpdir"),
                    e);
        }
    }

    /** Whether linear layers may be computed as convolutions, by oneDNN, where that is faster. */
    public boolean isUsedForLinear() {
        return usedForLinear && isUsed();
    }

    /** The same from now on; what is computed as a convolution in any case is not meant. */
    public void useForLinear(boolean used) {
        usedForLinear = used;
    }

    private static Pointer context() {
        return LibtorchFunction.named(GLOBAL_CONTEXT).invokePointer(new Object[0]);
    }

    /** Its version and what decides how it computes. */
    @Override
    public String toString() {
        return version().orElse("unknown version") + (isUsed() ? "" : ", switched off") + ", " + description;
    }
}
