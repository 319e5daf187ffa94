package ai.modx.data.image;

/**
 * What one axis of a resize computes: the interval [from, to) of the input, in samples, is stretched over {@code outSize}
 * samples, of which {@code length} from {@code start} on survive the crop and are computed.
 *
 * @param inSize  samples of the input
 * @param from    start of the interval, at least 0
 * @param to      end of the interval, at most inSize
 * @param outSize samples that the interval becomes
 * @param start   first sample wanted
 * @param length  number of samples wanted
 */
record Span(int inSize, double from, double to, int outSize, int start, int length) {

    Span {
        if (from < 0 || to <= from || to > inSize || start < 0 || length < 1 || start > outSize - length) {
            throw new IllegalArgumentException("No resize: [" + from + ", " + to + ") of " + inSize + " to " + outSize
                    + ", of which " + length + " from " + start);
        }
    }

    /**
     * The whole axis, resized and cropped in the middle by torchvision's rule: the offset is rounded half to even.
     *
     * @param length at most outSize
     */
    static Span centred(int inSize, int outSize, int length) {
        return new Span(inSize, 0, inSize, outSize, (int) Math.rint((outSize - length) / 2.0), length);
    }

    /** Input samples per output sample. */
    double scale() {
        return (to - from) / outSize;
    }

    /** Whether the input passes through unresized. */
    boolean isIdentity() {
        return from == 0 && to == inSize && outSize == inSize;
    }
}
