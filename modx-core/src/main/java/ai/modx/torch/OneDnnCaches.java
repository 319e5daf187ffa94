package ai.modx.torch;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import java.util.Arrays;
import java.util.Optional;

/**
 * What oneDNN 3.7.1 inside libtorch takes the processor's caches to be. It offers neither a question nor a setting for
 * them, so its own object
 * is read where it lies in memory: in one build of libtorch, whose addresses are known.
 *
 * <p>On AMD processors oneDNN before 3.8 reads CPUID leaf 0x8000001D without asking whether the processor has it. A
 * virtual machine that hides
 * the leaf answers zeros, of which oneDNN makes three levels of one byte. Its kernels for convolutions then divide by
 * zero or compute wrong
 * numbers. Where no level is known, as on Intel processors that hide theirs, it guesses 32 KB, 512 KB and 1 MB, with
 * which all is well.
 */
final class OneDnnCaches {

    /** The CPU build for Linux on x86_64 of pytorch-native-cpu 2.7.1. */
    private static final String BUILD_ID = "796043bcfcdb6c767c3257bf0a1bb094becc6be7";

    // Offsets of functions in that build: at::globalContext(), dnnl::impl::cpu::x64::cpu(),
    // dnnl::impl::cpu::platform::get_per_core_cache_size(int).
    private static final String ANCHOR = "_ZN2at13globalContextEv";
    private static final long ANCHOR_OFFSET = 0x1966f60;
    private static final long PROCESSOR_OFFSET = 0xef3c9a0;
    private static final long PER_CORE_OFFSET = 0xf0c4340;

    // Offsets of fields in Xbyak::util::Cpu, which the second function returns.
    private static final int TYPE = 0;
    private static final int SIZES = 28;
    private static final int SHARING = 68;
    private static final int LEVELS = 108;

    private static final long TYPE_INTEL = 1L << 24;
    private static final long TYPE_AMD = 1L << 25;
    private static final int[] ONE_BYTE_EACH = {1, 1, 1};
    private static final int GUESSED_LEVEL_1 = 32 << 10;
    private static final int SMALLEST_REAL_LEVEL_1 = 4096;

    private final Pointer processor;
    private final Function perCore;

    private OneDnnCaches(long base) {
        processor = Function.getFunction(new Pointer(base + PROCESSOR_OFFSET)).invokePointer(new Object[0]);
        perCore = Function.getFunction(new Pointer(base + PER_CORE_OFFSET));
    }

    /** Of the libtorch that is loaded, if it is the build whose addresses are known, and can be called. */
    static Optional<OneDnnCaches> loaded() {
        try {
            return BuildId.of(LibtorchFunction.file())
                    .filter(BUILD_ID::equals)
                    .map(build ->
                            new OneDnnCaches(Pointer.nativeValue(LibtorchFunction.named(ANCHOR)) - ANCHOR_OFFSET));
        } catch (UnsatisfiedLinkError e) {
            return Optional.empty();
        }
    }

    /** Bytes of a core's share of a level, from 1, as kernels are told. */
    int perCore(int level) {
        return perCore.invokeInt(new Object[] {level});
    }

    /** Whether no processor can have such caches. */
    boolean areImpossible() {
        return perCore(1) < SMALLEST_REAL_LEVEL_1;
    }

    /**
     * Lets oneDNN forget levels of one byte each, so that it guesses; kernels that were made before stay as they are.
     *
     * @return whether it guesses now; false also where the object is not in the state that hidden caches leave it in
     */
    boolean forget() {
        boolean hidden = (processor.getLong(TYPE) & (TYPE_INTEL | TYPE_AMD)) == TYPE_AMD
                && processor.getInt(LEVELS) == ONE_BYTE_EACH.length
                && Arrays.equals(processor.getIntArray(SIZES, 3), ONE_BYTE_EACH)
                && Arrays.equals(processor.getIntArray(SHARING, 3), ONE_BYTE_EACH);
        if (hidden) {
            processor.setInt(LEVELS, 0);
        }
        return perCore(1) == GUESSED_LEVEL_1;
    }

    /**
     * Leaves oneDNN in the state of an AMD processor that hides its caches. For tests, before the first convolution.
     */
    void hide() {
        processor.setLong(TYPE, processor.getLong(TYPE) & ~TYPE_INTEL | TYPE_AMD);
        processor.write(SIZES, ONE_BYTE_EACH, 0, 3);
        processor.write(SHARING, ONE_BYTE_EACH, 0, 3);
        processor.setInt(LEVELS, ONE_BYTE_EACH.length);
    }
}
