package ai.modx.data.image;

import java.io.EOFException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a scan of a JPEG file holds.
 *
 * @param parts       components
 * @param first       whether it is the file's first one
 * @param progressive whether the scan is one of a progressive file, to which alone the rest applies
 * @param from        first coefficient, in zigzag order
 * @param to          last coefficient
 * @param high        bits of them that are known, counted from the lowest one that is not; 0 in the first scan of them
 * @param low         lowest bit that the scan brings
 */
record JpegScanHeader(List<Part> parts, boolean first, boolean progressive, int from, int to, int high, int low) {

    /**
     * A component.
     *
     * @param dc number of its table
     * @param ac number of its table
     */
    record Part(JpegComponent component, int dc, int ac) {}

    private static final int MOST_BLOCKS = 10;

    /** Reads the segment behind the marker. */
    static JpegScanHeader read(JpegInput input, List<JpegComponent> components, boolean first, boolean progressive)
            throws EOFException, JpegException {
        int length = input.u16();
        int count = input.u8();
        JpegException.unless(count >= 1 && count <= 4 && length == 6 + 2 * count, "the header of a scan is broken");
        List<Part> parts = new ArrayList<>();
        int blocks = 0;
        for (int i = 0; i < count; i++) {
            int name = input.u8();
            int numbers = input.u8();
            JpegComponent component = components.stream().filter(each -> each.name() == name).findFirst()
                    .orElseThrow(() -> new JpegException("a scan names component " + name + ", which the frame has not"));
            JpegException.unless(parts.stream().noneMatch(part -> part.component() == component),
                    "a scan names component " + name + " twice");
            parts.add(new Part(component, numbers >> 4, numbers & 15));
            blocks += component.across() * component.down();
        }
        JpegException.unless(count == 1 || blocks <= MOST_BLOCKS, "the units of a scan have " + blocks + " blocks");
        int from = input.u8();
        int to = input.u8();
        int bits = input.u8();
        JpegScanHeader header = new JpegScanHeader(parts, first, progressive, from, to, bits >> 4, bits & 15);
        JpegException.unless(!progressive || header.isInOrder(), "a progressive scan brings bits " + header.high + ":" + header.low
                + " of coefficients " + from + " to " + to + " of " + count + " components");
        return header;
    }

    private boolean isInOrder() {
        boolean band = from == 0 ? to == 0 : from <= to && to < 64 && parts.size() == 1;
        return band && (high == 0 || low == high - 1) && low <= 13;
    }
}
