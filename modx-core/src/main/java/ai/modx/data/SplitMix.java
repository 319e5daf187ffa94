package ai.modx.data;

/**
 * SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014), keyed by what the
 * numbers are for. Written out here, because the JDK does not promise that its generators give the same numbers in every
 * version, and a run must be repeatable.
 *
 * <p>The state starts at 0; for each word of the key, it becomes {@code mix(state + GAMMA + word)}. The k-th number is
 * {@code mix(state + k * GAMMA)}, k = 1, 2, ...
 */
public final class SplitMix {

    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    private SplitMix(long state) {
        this.state = state;
    }

    /** The numbers of a key; keys that differ in any word give unrelated numbers. */
    public static SplitMix of(long... key) {
        long state = 0;
        for (long word : key) {
            state = mix(state + GAMMA + word);
        }
        return new SplitMix(state);
    }

    /** The next number, uniform in [0, bound). */
    public int below(int bound) {
        while (true) {
            long bits = next() >>> 1;
            long value = bits % bound;
            // The last, incomplete block of bound numbers below 2^63 would favour small values.
            if (bits - value + (bound - 1) >= 0) {
                return (int) value;
            }
        }
    }

    /** The next number, uniform in [0, 1), a multiple of 2^-53. */
    public double fraction() {
        return (next() >>> 11) * 0x1p-53;
    }

    private long next() {
        state += GAMMA;
        return mix(state);
    }

    private static long mix(long bits) {
        long mixed = bits;
        mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
