package ai.modx.data.image;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes JPEG files of all kinds but the lossless and the arithmetically coded ones. Samples equal those of libjpeg-turbo, and so
 * Pillow's, also where a file is damaged: what lies beyond the damage is guessed as there. Keeps Huffman tables between files only
 * where they are the same, and so belongs to one thread.
 */
final class JpegDecoder {

    /** For the coefficients of files in several scans and the picture; more is hardly a picture. */
    private static final long MOST_BYTES = 1L << 30;
    private static final int SIDE = JpegComponent.SIDE;
    private static final int END = 0xd9;
    private static final YccToRgb YCC_TO_RGB = new YccToRgb();

    private final JpegTables tables = new JpegTables();
    private final BlockTransform transform = new BlockTransform();

    /**
     * @param header of the same data
     * @throws EOFException if the data end too early
     * @throws IOException  if they are no JPEG that can be decoded
     */
    Picture decode(JpegHeader header, byte[] data, int size) throws IOException {
        tables.reset();
        byte[] samples = new File(header, data, size).decode();
        int pixels = header.width() * header.height();
        if (header.luma()) {
            YCC_TO_RGB.convert(samples, pixels, header.components());
        }
        PixelMode mode = switch (header.components()) {
            case 1 -> PixelMode.GRAY;
            case 3 -> PixelMode.RGB;
            default -> PixelMode.CMYK;
        };
        if (mode == PixelMode.CMYK) {
            invertInks(samples, header.luma());
        }
        return new Picture(header.width(), header.height(), mode, samples);
    }

    /**
     * Four-component files hold inverted inks (Adobe's convention, which Pillow assumes for all). With luma, libjpeg and
     * Pillow both invert the first three, which cancels out.
     */
    private static void invertInks(byte[] samples, boolean luma) {
        for (int i = 0; i < samples.length; i++) {
            if (!luma || (i & 3) == 3) {
                samples[i] = (byte) ~samples[i];
            }
        }
    }

    /** A file that is being decoded. */
    private final class File {

        private final JpegHeader header;
        private final byte[] data;
        private final JpegInput input;
        private final List<JpegComponent> components = new ArrayList<>();
        private boolean progressive;
        private int interval;
        private int widest = 1;
        private int highest = 1;
        private int scans;
        private int completeRows; // of units, in the last scan
        private boolean kept; // whether all coefficients are kept for the scans to come
        private byte[] samples;

        File(JpegHeader header, byte[] data, int size) {
            this.header = header;
            this.data = data;
            this.input = new JpegInput(data, size, 2);
        }

        /** All samples, [height, width, components]. */
        byte[] decode() throws IOException {
            for (int marker = input.nextMarker(); marker != END; marker = input.nextMarker()) {
                switch (marker) {
                    case 0xc0, 0xc1, 0xc2 -> readFrame(marker == 0xc2);
                    case 0xda -> readScan();
                    case 0xc4 -> tables.readCodes(data, input.position() + 2, input.skipSegment());
                    case 0xdb -> tables.readQuantizers(data, input.position() + 2, input.skipSegment());
                    case 0xdd -> readInterval();
                    case 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf -> throw new JpegException(
                            "its pixels are coded losslessly, hierarchically or arithmetically, which is not supported");
                    default -> skip(marker);
                }
            }
            JpegException.unless(scans > 0, "it holds no picture");
            if (kept && progressive && JpegSmoothing.isUseful(components)) {
                JpegSmoothing smoothing = new JpegSmoothing(transform);
                components.forEach(component -> smoothing.transform(component, unitRows(), completeRows, scans));
            } else if (kept) {
                components.forEach(component -> component.transform(transform, 0));
            }
            for (JpegComponent component : components) {
                if (!isFull(component)) {
                    component.samples().enlarge(widest / component.across(), highest / component.down(), among(component));
                }
            }
            return samples;
        }

        private void skip(int marker) throws IOException {
            boolean alone = marker == 0x01 || marker >= 0xd0 && marker <= 0xd7;
            boolean segment = marker == 0xcc || marker == 0xdc || marker >= 0xe0 && marker <= 0xef || marker == 0xfe;
            JpegException.unless(alone || segment, "it has an unknown marker ff" + Integer.toHexString(marker));
            if (segment) {
                input.skipSegment();
            }
        }

        private void readInterval() throws IOException {
            JpegException.unless(input.u16() == 4, "its restart interval is broken");
            interval = input.u16();
        }

        /** Its size was checked for the header. */
        private void readFrame(boolean progressive) throws IOException {
            JpegException.unless(components.isEmpty(), "it has a second frame");
            this.progressive = progressive;
            int length = input.u16();
            for (int i = 0; i < 5; i++) {
                input.u8();
            }
            int count = input.u8();
            JpegException.unless(length == 8 + 3 * count && count == header.components(), "its frame header is broken");
            for (int i = 0; i < count; i++) {
                int name = input.u8();
                int factors = input.u8();
                JpegComponent component = new JpegComponent(name, factors >> 4, factors & 15, input.u8());
                int least = Math.min(component.across(), component.down());
                int most = Math.max(component.across(), component.down());
                JpegException.unless(least >= 1 && most <= 4, "its sampling factors are " + component.across() + " x " + component.down()
                        + "; 1 to 4 are possible");
                widest = Math.max(widest, component.across());
                highest = Math.max(highest, component.down());
                components.add(component);
            }
            for (JpegComponent component : components) {
                JpegException.unless(widest % component.across() == 0 && highest % component.down() == 0,
                        "its sampling factors, " + component.across() + " x " + component.down() + " to " + widest + " x " + highest
                                + ", are no whole numbers");
            }
        }

        private void readScan() throws IOException {
            JpegException.unless(!components.isEmpty(), "it has a scan before its frame header");
            JpegScanHeader parameters = JpegScanHeader.read(input, components, scans == 0, progressive);
            if (scans++ == 0) {
                prepare(progressive || parameters.parts().size() < components.size());
            } else {
                JpegException.unless(kept, "it has scans behind its last one");
            }
            JpegScan scan = new JpegScan(input, parameters, tables, interval);
            completeRows = scan.read(unitColumns(), unitRows(), row -> {
                if (!kept) {
                    transform(row);
                }
            });
        }

        /** Of the only scan: a row of units becomes samples at once. */
        private void transform(int row) {
            for (JpegComponent component : components) {
                component.transform(transform, row * rowsOfUnit(component));
                component.clear();
            }
        }

        private void prepare(boolean severalScans) throws IOException {
            kept = severalScans;
            if (!progressive) {
                tables.completeCodes();
            }
            long kept = 0;
            for (JpegComponent component : components) {
                kept += (long) unitColumns() * component.across() * (severalScans ? unitRows() * component.down() : rowsOfUnit(component));
            }
            long bytes = kept * SIDE * SIDE * Short.BYTES + (long) header.width() * header.height() * components.size();
            JpegException.unless(bytes <= MOST_BYTES, "its " + header.width() + " x " + header.height()
                    + " pixels in several scans would take " + (bytes >> 20) + " MB of memory; at most " + (MOST_BYTES >> 20)
                    + " MB are used");
            samples = new byte[header.width() * header.height() * components.size()];
            for (JpegComponent component : components) {
                JpegSamples own = isFull(component) ? among(component)
                        : JpegSamples.apart(ceil(header.width() * component.across(), widest),
                                ceil(header.height() * component.down(), highest));
                component.prepare(own, unitColumns(), severalScans ? unitRows() * component.down() : rowsOfUnit(component));
            }
        }

        /** Block rows that a row of units has of a component, in a file of one scan. */
        private int rowsOfUnit(JpegComponent component) {
            return components.size() == 1 ? 1 : component.down();
        }

        private boolean isFull(JpegComponent component) {
            return component.across() == widest && component.down() == highest;
        }

        /** The samples of a component of full size, between those of the others. */
        private JpegSamples among(JpegComponent component) {
            return new JpegSamples(samples, components.indexOf(component), components.size(), header.width(), header.height());
        }

        private int unitColumns() {
            return ceil(header.width(), SIDE * widest);
        }

        private int unitRows() {
            return ceil(header.height(), SIDE * highest);
        }
    }

    private static int ceil(int value, int divisor) {
        return (value + divisor - 1) / divisor;
    }
}
